import { partitionOf, type AppendOptions, type NewEvent, type StreamWrite } from '@hindcast/core'
import type { ExportedEvent } from './exported-event.js'
import { readExport } from './read-export.js'

/** What of an exported append goes to one partition of the log that is imported into. */
export interface RoutedAppend {
  /** The partition there. */
  readonly partition: number
  /** In the order of the export. */
  readonly events: readonly ExportedEvent[]
}

/**
 * The appends of an export, each with its place in a log with this number of partitions. An append to several streams whose
 * partition keys part there becomes one append for each partition.
 *
 * @yields appends in the order of the file
 * @throws ExportFileError, ExportLineError
 */
export async function* routedAppends(file: string, partitions: number): AsyncGenerator<RoutedAppend> {
  let append: ExportedEvent[] = []
  for await (const read of readExport(file)) {
    if (read.kind !== 'event') continue
    const first = append[0]
    if (first && (first.partition !== read.event.partition || first.commandId !== read.event.commandId)) {
      yield* routed(append, partitions)
      append = []
    }
    append.push(read.event)
  }
  yield* routed(append, partitions)
}

function routed(append: readonly ExportedEvent[], partitions: number): readonly RoutedAppend[] {
  const routes = new Map<number, ExportedEvent[]>()
  for (const event of append) {
    const partition = partitionOf(event.partitionKey, partitions)
    const events = routes.get(partition)
    if (events) events.push(event)
    else routes.set(partition, [event])
  }
  return Array.from(routes, ([partition, events]) => ({ partition, events }))
}

/** The writes of an append: each stream is to be where the export has it. */
export function writesOf(events: readonly ExportedEvent[]): readonly StreamWrite[] {
  const writes = new Map<string, StreamWrite & { readonly events: NewEvent[] }>()
  for (const { id, type, schemaVersion, data, stream, version, partitionKey } of events) {
    const write = writes.get(stream)
    const event = { id, type, schemaVersion, data }
    if (write) write.events.push(event)
    else
      writes.set(stream, {
        ...{ stream, partitionKey, events: [event] },
        expected: version === 0 ? 'none' : version - 1,
      })
  }
  return [...writes.values()]
}

/** The command of an append, as it was. */
export function optionsOf(events: readonly ExportedEvent[]): AppendOptions {
  const { commandId, command, result, metadata } = events.at(-1)!
  return {
    ...{ commandId, metadata },
    ...(command !== undefined && { command }),
    ...(result !== undefined && { result }),
  }
}
