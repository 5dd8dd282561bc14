import type { WireRequest } from './requests.js'
import { WireWriter, type WireReader } from './wire.js'

const GROUP = 0
const PROTOCOL_TYPE = 'consumer'

/** Which broker coordinates a group. */
export interface CoordinatorAnswer {
  readonly errorCode: number
  readonly host: string
  readonly port: number
}

/** FindCoordinator v2. */
export function coordinatorRequest(group: string): WireRequest<CoordinatorAnswer> {
  const body = new WireWriter().string(group).int8(GROUP).end()
  return { apiKey: 10, apiVersion: 2, apiName: 'FindCoordinator', body, read: readCoordinator }
}

function readCoordinator(answer: WireReader): CoordinatorAnswer {
  answer.throttleMs = answer.int32()
  const errorCode = answer.int16()
  answer.string()
  answer.int32()
  return { errorCode, host: answer.string() ?? '', port: answer.int32() }
}

/** A member's place in a group: valid for one generation. */
export interface Seat {
  readonly group: string
  readonly generation: number
  readonly member: string
}

/** What a member says when it joins. */
export interface JoinPlan {
  readonly group: string
  /** Empty the first time: the coordinator gives a name. */
  readonly member: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** The name of the way in which partitions are shared. */
  readonly protocol: string
  readonly subscription: Buffer
}

/** What a member learns when it joins. */
export interface JoinAnswer {
  readonly errorCode: number
  readonly generation: number
  readonly leader: string
  readonly member: string
  /** All members; only the leader learns them. */
  readonly members: readonly { readonly member: string; readonly subscription: Buffer }[]
}

/** JoinGroup v5: answered when all members have joined, so it holds up what is behind it on its connection. */
export function joinRequest(plan: JoinPlan): WireRequest<JoinAnswer> {
  const { group, member, sessionTimeoutMs, rebalanceTimeoutMs, protocol, subscription } = plan
  const writer = new WireWriter().string(group).int32(sessionTimeoutMs).int32(rebalanceTimeoutMs)
  writer.string(member).string(null).string(PROTOCOL_TYPE)
  const body = writer.int32(1).string(protocol).bytes(subscription).end()
  return { apiKey: 11, apiVersion: 5, apiName: 'JoinGroup', body, read: readJoin }
}

function readJoin(answer: WireReader): JoinAnswer {
  answer.throttleMs = answer.int32()
  const errorCode = answer.int16()
  const generation = answer.int32()
  answer.string()
  const leader = answer.string() ?? ''
  const member = answer.string() ?? ''
  const members = answer.array(() => {
    const name = answer.string() ?? ''
    answer.string()
    return { member: name, subscription: answer.bytes() }
  })
  return { errorCode, generation, leader, member, members }
}

/** SyncGroup v3. @param assignments - by member; only the leader gives them */
export function syncRequest(
  seat: Seat,
  assignments: ReadonlyMap<string, Buffer>,
): WireRequest<{ readonly errorCode: number; readonly assignment: Buffer }> {
  const writer = seatWriter(seat).int32(assignments.size)
  for (const [member, assignment] of assignments) writer.string(member).bytes(assignment)
  const read = (answer: WireReader): { errorCode: number; assignment: Buffer } => {
    answer.throttleMs = answer.int32()
    return { errorCode: answer.int16(), assignment: answer.bytes() }
  }
  return { apiKey: 14, apiVersion: 3, apiName: 'SyncGroup', body: writer.end(), read }
}

/** Heartbeat v3. */
export function heartbeatRequest(seat: Seat): WireRequest<number> {
  return { apiKey: 12, apiVersion: 3, apiName: 'Heartbeat', body: seatWriter(seat).end(), read: readError }
}

/** LeaveGroup v2. */
export function leaveRequest({ group, member }: Seat): WireRequest<number> {
  const body = new WireWriter().string(group).string(member).end()
  return { apiKey: 13, apiVersion: 2, apiName: 'LeaveGroup', body, read: readError }
}

function seatWriter({ group, generation, member }: Seat): WireWriter {
  return new WireWriter().string(group).int32(generation).string(member).string(null)
}

function readError(answer: WireReader): number {
  answer.throttleMs = answer.int32()
  return answer.int16()
}
