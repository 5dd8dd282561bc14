import { KAFKA_ERROR } from '../protocol/error-codes.js'
import type { JoinAnswer, Seat } from '../protocol/group-requests.js'
import { TransportError } from '../protocol/port.js'
import type { Life } from '../read/life.js'
import { GroupRefusedError, isGroupRefusal } from './errors.js'
import type { GroupConnection } from './group-connection.js'
import { decodeAssignment, decodeOwned, encodeAssignment, encodeSubscription } from './member-protocol.js'
import type { OwnedPartitions } from './owned-partitions.js'
import { sharePartitions } from './share-partitions.js'

/** Where a member takes part, and how. */
export interface MemberPlan {
  readonly group: string
  readonly topic: string
  readonly partitions: number
  readonly sessionTimeoutMs: number
}

/** How partitions are shared: all members of a group must mean the same. */
const PROTOCOL = 'hindcast'
const REBALANCE_MS = 30_000
const HEARTBEATS_A_SESSION = 10
const PAUSE_MS = 200
const NOBODY = ''

/** After these the coordinator has forgotten the member, and its partitions may belong to others. */
const LOST: ReadonlySet<number> = new Set([KAFKA_ERROR.UNKNOWN_MEMBER_ID, KAFKA_ERROR.ILLEGAL_GENERATION])

/**
 * One worker's place in a consumer group. Its states:
 *
 * - `joining`: asks to be a member, and says what it works on, which it goes on doing; left when all members have joined.
 *   The first of them, the leader, then shares the partitions.
 * - `changing`: lets go of what it is no longer given, and takes what is new. Having let go of something it joins again, so
 *   that it can be given to others.
 * - `settled`: sends heartbeats until the coordinator says that somebody has come or gone; then it joins again.
 * - `lost`: the coordinator does not know it, since it was silent for longer than the session timeout. It lets go of
 *   everything and joins as a new member.
 *
 * Brokers that are away change no state: it works on, and tries again. Two workers may then work on one partition; the fence
 * of the read-model store lets one of them through.
 */
export class GroupMember {
  private member = NOBODY
  private generation = -1
  private settled = false

  /** @param life - ends when the member leaves */
  constructor(
    private readonly plan: MemberPlan,
    private readonly connection: GroupConnection,
    private readonly owned: OwnedPartitions,
    private readonly life: Life,
  ) {}

  /** True while nothing calls for joining again. */
  get isSettled(): boolean {
    return this.settled
  }

  /**
   * Asks once to be a member, and takes what it is given.
   *
   * @throws GroupRefusedError, TransportError
   */
  async join(): Promise<void> {
    this.settled = false
    const joined = await this.connection.join({
      ...this.plan,
      member: this.member,
      rebalanceTimeoutMs: REBALANCE_MS,
      protocol: PROTOCOL,
      subscription: encodeSubscription(this.plan.topic, this.owned.list),
    })
    if (joined.errorCode === KAFKA_ERROR.MEMBER_ID_REQUIRED) this.member = joined.member
    else if (await this.isFine(joined.errorCode)) {
      this.member = joined.member
      this.generation = joined.generation
      const { errorCode, assignment } = await this.connection.sync(
        this.seat,
        this.assignments(joined),
        REBALANCE_MS,
      )
      if (await this.isFine(errorCode)) await this.change(decodeAssignment(assignment))
    }
  }

  /** Takes part until its life ends. What goes wrong is tried again. */
  async run(): Promise<void> {
    while (!this.life.isOver) {
      try {
        if (this.settled) await this.settle()
        else await this.join()
      } catch (error) {
        if (!isPassing(error)) throw error
        await this.life.pause(PAUSE_MS)
      }
    }
  }

  /** Tells the coordinator that it goes, so that others need not wait for the session timeout. */
  async leave(): Promise<void> {
    if (this.member !== NOBODY) await this.connection.leave(this.seat).catch(() => undefined)
  }

  private get seat(): Seat {
    return { group: this.plan.group, generation: this.generation, member: this.member }
  }

  private get heartbeatMs(): number {
    return this.plan.sessionTimeoutMs / HEARTBEATS_A_SESSION
  }

  /** Only the leader shares; the others learn from the coordinator what they get. */
  private assignments({ leader, member, members }: JoinAnswer): ReadonlyMap<string, Buffer> {
    if (leader !== member) return new Map()
    const { topic, partitions } = this.plan
    const claims = members.map(other => ({ member: other.member, owned: decodeOwned(other.subscription) }))
    return new Map(
      [...sharePartitions(claims, partitions)].map(([name, share]) => [name, encodeAssignment(topic, share)]),
    )
  }

  private async change(assignment: readonly number[]): Promise<void> {
    const given = assignment.filter(partition => partition < this.plan.partitions)
    const released = this.owned.without(given)
    if (released.length > 0) await this.beatDuring(this.owned.release(released))
    if (this.life.isOver) return
    this.owned.take(given)
    // What was let go can be given to others when everybody joins again.
    this.settled = released.length === 0
  }

  /** Sends heartbeats until somebody has come or gone. */
  private async settle(): Promise<void> {
    await this.life.pause(this.heartbeatMs)
    if (this.life.isOver) return
    const errorCode = await this.connection.heartbeat(this.seat)
    if (errorCode !== 0) {
      this.settled = false
      await this.isFine(errorCode)
    }
  }

  /** Letting go may take longer than a session. */
  private async beatDuring(work: Promise<void>): Promise<void> {
    const timer = setInterval(
      () => void this.connection.heartbeat(this.seat).catch(() => undefined),
      this.heartbeatMs,
    )
    await work.finally(() => clearInterval(timer))
  }

  /** @throws GroupRefusedError */
  private async isFine(errorCode: number): Promise<boolean> {
    if (errorCode === 0) return true
    if (isGroupRefusal(errorCode)) throw new GroupRefusedError(this.plan.group, errorCode)
    if (LOST.has(errorCode)) {
      this.member = NOBODY
      this.generation = -1
      await this.owned.release(this.owned.list)
    } else if (errorCode !== KAFKA_ERROR.REBALANCE_IN_PROGRESS) await this.life.pause(PAUSE_MS)
    return false
  }
}

/** True for what may be gone when it is tried again: also a refusal, since rights are given and taken while a member runs. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof TransportError || error instanceof AggregateError || error instanceof GroupRefusedError
  )
}
