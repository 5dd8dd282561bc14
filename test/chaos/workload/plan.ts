import { randomUUID } from 'node:crypto'
import {
  partitionOf,
  type ExpectedVersion,
  type NewEvent,
  type StreamVersion,
  type StreamWrite,
} from '@hindcast/core'
import type { PlannedAppend } from '../history/operation.js'
import type { Random } from '../random.js'

/** An append that is ready to be made, and to be made again with the same command id. */
export interface Plan {
  readonly commandId: string
  readonly writes: readonly StreamWrite[]
}

const STREAMS = 24
const MAX_EVENTS = 5
const LARGE_BYTES = 6000

/** The streams that all writers share. */
export const SHARED_STREAMS: readonly string[] = Array.from({ length: STREAMS }, (_, n) => `account-${n}`)

/** Plans an append to one stream, sometimes to two of one partition, that expects what the writer believes, mostly. */
export function planAppend(
  random: Random,
  streams: readonly string[],
  partitions: number,
  believed: ReadonlyMap<string, StreamVersion>,
): Plan {
  const first = random.pick(streams)
  const chosen = [first]
  if (random.chance(0.15)) {
    const home = partitionOf(first, partitions)
    const near = streams.filter(stream => stream !== first && partitionOf(stream, partitions) === home)
    if (near.length > 0) chosen.push(random.pick(near))
  }
  const writes = chosen.map(stream => ({
    stream,
    expected: expectation(random, believed.get(stream) ?? 'none'),
    events: events(random),
  }))
  return { commandId: randomUUID(), writes }
}

/** Plans an append that stands behind another one to the same stream, which may still be in flight. */
export function planBehind(random: Random, before: StreamWrite, expected: number): Plan {
  const after = before.events.at(-1)!.id
  return {
    commandId: randomUUID(),
    writes: [{ stream: before.stream, expected, after, events: events(random) }],
  }
}

/** What the checker needs to know of a plan. */
export function describePlan({ commandId, writes }: Plan): PlannedAppend {
  return {
    commandId,
    writes: writes.map(write => ({
      stream: write.stream,
      expected: write.expected,
      ...(write.after !== undefined && { after: write.after }),
      eventIds: write.events.map(({ id }) => id),
    })),
  }
}

/** The same append again, from what the journal kept of it. */
export function planAgain({ commandId, writes }: PlannedAppend): Plan {
  return {
    commandId,
    writes: writes.map(({ stream, expected, after, eventIds }) => ({
      stream,
      expected,
      ...(after !== undefined && { after }),
      events: eventIds.map(id => event(id, '')),
    })),
  }
}

function expectation(random: Random, believed: StreamVersion): ExpectedVersion {
  const choice = random.next()
  if (choice < 0.08) return 'any'
  if (choice < 0.12) return 'exists'
  if (choice < 0.15) return 'none'
  if (choice < 0.2) return (believed === 'none' ? 0 : believed) + random.whole(1, 3)
  return believed
}

function events(random: Random): NewEvent[] {
  const filler = 'x'.repeat(random.chance(0.02) ? LARGE_BYTES : random.whole(20, 300))
  return Array.from({ length: random.whole(1, MAX_EVENTS) }, () => event(randomUUID(), filler))
}

function event(id: string, filler: string): NewEvent {
  return { id, type: 'account.touched', schemaVersion: 1, data: JSON.stringify({ filler }) }
}
