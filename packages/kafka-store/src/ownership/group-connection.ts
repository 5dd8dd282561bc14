import { KAFKA_ERROR, kafkaErrorName } from '../protocol/error-codes.js'
import {
  coordinatorRequest,
  heartbeatRequest,
  joinRequest,
  leaveRequest,
  syncRequest,
  type JoinAnswer,
  type JoinPlan,
  type Seat,
} from '../protocol/group-requests.js'
import { hedge } from '../protocol/hedge.js'
import type { ConnectionOptions } from '../protocol/kafkajs-node.js'
import { Nodes } from '../protocol/nodes.js'
import { TransportError } from '../protocol/port.js'
import type { WireRequest } from '../protocol/requests.js'
import { GroupRefusedError, isGroupRefusal } from './errors.js'

const STAGGER_MS = 500

/** Where a group's coordinator changes, the next request looks for it anew. */
const MOVED: ReadonlySet<number> = new Set([
  KAFKA_ERROR.COORDINATOR_LOAD_IN_PROGRESS,
  KAFKA_ERROR.COORDINATOR_NOT_AVAILABLE,
  KAFKA_ERROR.NOT_COORDINATOR,
])

/**
 * One member's connections to the coordinator of its group; nobody else may use them, since a join waits for all members.
 * Nothing is repeated here.
 *
 * @throws TransportError when there is no answer, or no coordinator; GroupRefusedError
 */
export class GroupConnection {
  private readonly nodes: Nodes
  private coordinator: string | undefined

  constructor(
    private readonly group: string,
    private readonly brokers: readonly string[],
    options: ConnectionOptions,
    private readonly requestTimeoutMs: number,
  ) {
    this.nodes = new Nodes(options)
  }

  join(plan: JoinPlan): Promise<JoinAnswer> {
    return this.send(1, joinRequest(plan), ({ errorCode }) => errorCode, plan.rebalanceTimeoutMs)
  }

  sync(
    seat: Seat,
    assignments: ReadonlyMap<string, Buffer>,
    waitMs: number,
  ): Promise<{ readonly errorCode: number; readonly assignment: Buffer }> {
    return this.send(1, syncRequest(seat, assignments), ({ errorCode }) => errorCode, waitMs)
  }

  /** @returns the error code */
  heartbeat(seat: Seat): Promise<number> {
    return this.send(0, heartbeatRequest(seat), errorCode => errorCode)
  }

  /** @returns the error code */
  leave(seat: Seat): Promise<number> {
    return this.send(0, leaveRequest(seat), errorCode => errorCode)
  }

  close(): void {
    this.nodes.close()
  }

  private async send<T>(
    lane: 0 | 1,
    request: WireRequest<T>,
    errorOf: (answer: T) => number,
    waitMs = 0,
  ): Promise<T> {
    const coordinator = (this.coordinator ??= await this.find())
    try {
      const answer = await this.nodes.send(coordinator, lane, request, this.requestTimeoutMs + waitMs)
      if (MOVED.has(errorOf(answer))) this.coordinator = undefined
      return answer
    } catch (error) {
      this.coordinator = undefined
      throw error
    }
  }

  private async find(): Promise<string> {
    const request = coordinatorRequest(this.group)
    const candidates = [...new Set([...this.nodes.addresses, ...this.brokers])]
    const { errorCode, host, port } = await hedge(candidates, STAGGER_MS, address =>
      this.nodes.send(address, 0, request, this.requestTimeoutMs),
    )
    if (isGroupRefusal(errorCode)) throw new GroupRefusedError(this.group, errorCode)
    if (errorCode !== 0)
      throw new TransportError(`the group has no coordinator now (${kafkaErrorName(errorCode)})`, false)
    return `${host}:${port}`
  }
}
