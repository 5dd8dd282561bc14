import type { OwnershipMember } from '@hindcast/core'
import type { Session } from '../driver/database.js'
import { arrayText } from '../value/array-text.js'
import { fairShare } from './fair-share.js'
import { GroupLocks } from './group-locks.js'

/** A lock that some session holds. */
export interface HeldLock {
  readonly key: bigint
  /** The server's process id of the session. */
  readonly pid: number
}

/** One member of a group: what it owns, on a session that holds the locks of it. */
export class Membership {
  readonly group: string
  readonly #locks: GroupLocks
  readonly #partitions: number
  readonly #member: OwnershipMember
  readonly #owned = new Set<number>()
  /** No longer owned, but its worker has not yet stopped. */
  readonly #leaving = new Map<number, Promise<void>>()

  constructor(group: string, partitions: number, member: OwnershipMember) {
    this.group = group
    this.#locks = new GroupLocks(group)
    this.#partitions = partitions
    this.#member = member
  }

  /** Says to the others that it is there. */
  async enter(session: Session): Promise<void> {
    await session.query('select pg_advisory_lock_shared($1)', [String(this.#locks.members)])
  }

  /**
   * Compares what it holds with its fair share: takes free partitions, gives up others.
   *
   * @param mine - this session's process id
   * @param released - called when a partition is free again
   */
  async balance(
    session: Session,
    held: readonly HeldLock[],
    mine: number,
    released: () => void,
  ): Promise<void> {
    const { holdings, taken } = this.#survey(held)
    const share = fairShare(holdings, this.#partitions, mine)
    const surplus = [...this.#owned].toSorted((a, b) => a - b).slice(share)
    for (const partition of surplus) void this.#giveUp(partition, session).then(released)
    const wanted = share - this.#owned.size - this.#leaving.size
    if (wanted > 0) await this.#take(session, wanted, taken)
  }

  /** The session is lost, and its locks with it: stops all work, and does not wait for that. */
  lose(): void {
    for (const partition of [...this.#owned]) void this.#giveUp(partition, undefined)
  }

  /** Gives everything up. */
  async leave(session: Session | undefined): Promise<void> {
    for (const partition of [...this.#owned]) void this.#giveUp(partition, session)
    await Promise.all(this.#leaving.values())
    await session?.query('select pg_advisory_unlock_shared($1)', [String(this.#locks.members)])
  }

  #survey(held: readonly HeldLock[]): { holdings: Map<number, number>; taken: Set<number> } {
    const holdings = new Map<number, number>()
    const taken = new Set<number>()
    const ours = held.map(({ key, pid }) => ({ slot: this.#locks.slotOf(key), pid }))
    for (const { slot, pid } of ours) if (slot === 'members') holdings.set(pid, 0)
    for (const { slot, pid } of ours) {
      if (typeof slot !== 'number') continue
      taken.add(slot)
      holdings.set(pid, (holdings.get(pid) ?? 0) + 1)
    }
    return { holdings, taken }
  }

  async #take(session: Session, wanted: number, taken: ReadonlySet<number>): Promise<void> {
    const free = Array.from({ length: this.#partitions }, (_, partition) => partition).filter(
      partition => !taken.has(partition) && !this.#owned.has(partition) && !this.#leaving.has(partition),
    )
    // From a place of its own, so that members that start together do not all want the same ones.
    const start = Math.floor(Math.random() * free.length)
    const candidates = [...free.slice(start), ...free.slice(0, start)].slice(0, wanted)
    if (candidates.length === 0) return
    const keys = candidates.map(partition => String(this.#locks.partition(partition)))
    const answer = await session.query('select k, pg_try_advisory_lock(k) from unnest($1::bigint[]) k', [
      arrayText(keys),
    ])
    for (const [key, got] of answer.rows) {
      if (got !== 't') continue
      const partition = this.#locks.slotOf(BigInt(key!)) as number
      this.#owned.add(partition)
      this.#member.assigned(partition)
    }
  }

  /** Never rejects: a lock that cannot be given back ended with its session. */
  #giveUp(partition: number, session: Session | undefined): Promise<void> {
    this.#owned.delete(partition)
    const left = this.#letGo(partition, session).finally(() => this.#leaving.delete(partition))
    this.#leaving.set(partition, left)
    return left
  }

  async #letGo(partition: number, session: Session | undefined): Promise<void> {
    try {
      await this.#member.revoked(partition)
    } catch {
      // A member that fails to let go has let go: the fence keeps it from doing harm.
    }
    try {
      await session?.query('select pg_advisory_unlock($1)', [String(this.#locks.partition(partition))])
    } catch {
      // as said above
    }
  }
}
