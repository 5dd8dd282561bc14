import type { EventStore, RecordedEvent } from '@hindcast/core'
import { eventsByStream } from '../checker/grouping.js'
import type { History, LoggedEvent } from './operation.js'

/** Reads the whole log through a store: by partition, in order. */
export async function readWholeLog(store: EventStore): Promise<LoggedEvent[][]> {
  const log: LoggedEvent[][] = []
  for (let partition = 0; partition < store.partitions; partition++) {
    const events: LoggedEvent[] = []
    for await (const batch of store.readLog(partition)) events.push(...batch.events.map(logged))
    log.push(events)
  }
  return log
}

/** Compares what the other ways to read a log give with the log. @returns where they differ */
export async function compareReads(store: EventStore, log: History['log']): Promise<string[]> {
  return [...(await compareStreams(store, log)), ...(await compareCommands(store, log))]
}

/** Compares two ways to read a whole log. @returns the first difference of each partition */
export function compareLogs(name: string, read: History['log'], due: History['log']): string[] {
  return due.flatMap((events, partition) => {
    const found = read[partition] ?? []
    const different = events.findIndex((event, i) => describe(found[i]) !== describe(event))
    const at = different < 0 && found.length > events.length ? events.length : different
    return at < 0
      ? []
      : [`${name}, partition ${partition}: ${describe(found[at])} is said to be ${describe(events[at])}`]
  })
}

function describe(event: LoggedEvent | undefined): string {
  if (!event) return 'nothing'
  const { offset, stream, version, id, commandId, time } = event
  return `${offset} ${stream} version ${version}, id ${id} of ${commandId} at ${time}`
}

async function compareStreams(store: EventStore, log: History['log']): Promise<string[]> {
  const disagreements: string[] = []
  for (const [stream, events] of eventsByStream(log)) {
    const due = events.map(event => `${event.version} ${event.id}`)
    for (const direction of ['forwards', 'backwards'] as const) {
      const read: string[] = []
      try {
        for await (const batch of store.readStream(stream, { direction }))
          read.push(...batch.map(event => `${event.version} ${event.id}`))
      } catch (error) {
        read.push(String(error))
      }
      if (direction === 'backwards') read.reverse()
      const different = read.findIndex((event, i) => event !== due[i])
      if (different >= 0 || read.length !== due.length)
        disagreements.push(
          `stream ${stream} ${direction}: ${read.length} events, the log has ${due.length}; ${read[different]}`,
        )
    }
  }
  return disagreements
}

/** The log must remember the command of every append. */
async function compareCommands(store: EventStore, log: History['log']): Promise<string[]> {
  const disagreements: string[] = []
  for (const [partition, events] of log.entries())
    for (const [i, event] of events.entries()) {
      if (events[i + 1]?.commandId === event.commandId) continue
      const position = `${store.logId}/${partition}:${event.offset}`
      const found = await store
        .findCommand(partition, event.commandId)
        .catch((error: unknown) => ({ position: String(error) }))
      if (found?.position !== position)
        disagreements.push(
          `command ${event.commandId} is said to end at ${found?.position}, the log has it at ${position}`,
        )
    }
  return disagreements
}

function logged({ id, stream, version, partition, offset, time, commandId }: RecordedEvent): LoggedEvent {
  return { id, stream, version, partition, offset, time, commandId }
}
