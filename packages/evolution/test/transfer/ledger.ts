import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Event,
  uuidV7Source,
  type EventStore,
  type EventStoreFactory,
  type RecordedEvent,
  type StreamWrite,
} from '@hindcast/core'
import { onTestFinished } from 'vitest'

class Deposited extends Event('account.deposited') {}
class Opened extends Event('branch.opened') {}

@Aggregate('account')
export class Account extends AggregateRoot<Deposited> {
  @Apply(Deposited) onDeposited() {}
}
/** Its streams share a partition with each other by the first letter of their keys. */
@Aggregate('branch', { partitionBy: key => key[0]! })
class Branch extends AggregateRoot<Opened> {
  @Apply(Opened) onOpened() {}
}
export const AGGREGATES = [Account, Branch]

export const clock = { ms: Date.UTC(2026, 0, 1), now: () => new Date(clock.ms) }

export function opened(factory: EventStoreFactory): Promise<EventStore> {
  return factory({ clock, ids: uuidV7Source(), run: 'all' })
}

export async function scratchFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hindcast-transfer-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'log.ndjson')
}

let ids = 0
export function write(stream: string, data: string, partitionKey = stream, count = 1): StreamWrite {
  const type = stream.startsWith('branch') ? 'branch.opened' : 'account.deposited'
  const events = Array.from({ length: count }, () => ({ id: `e${ids++}`, type, schemaVersion: 1, data }))
  return { stream, partitionKey, expected: 'any', events }
}

/** Every event of a log without its place, in the order of time and id of its stream: what a move must keep. */
export async function contents(store: EventStore): Promise<readonly object[]> {
  const events: (Omit<RecordedEvent, 'partition' | 'offset'> & object)[] = []
  for (let partition = 0; partition < store.partitions; partition++)
    for await (const batch of store.readLog(partition))
      for (const {
        id,
        type,
        schemaVersion,
        stream,
        version,
        time,
        data,
        commandId,
        metadata,
      } of batch.events)
        events.push({ id, type, schemaVersion, stream, version, time, data, commandId, metadata })
  return events.toSorted((a, b) => a.stream.localeCompare(b.stream) || a.version - b.version)
}
