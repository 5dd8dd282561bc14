import {
  CommandIdReusedError,
  makePosition,
  uuidV7Source,
  type AppendOptions,
  type AppendResult,
  type EventStore,
  type EventStoreFactory,
  type StreamWrite,
} from '@hindcast/core'
import { checkExport } from './check-export.js'
import { ImportDisturbedError, ImportForeignEventError, ImportVersionError } from './errors.js'
import { foundBefore } from './found-before.js'
import { optionsOf, routedAppends, writesOf, type RoutedAppend } from './routed-append.js'

/** So many events are in hand at a time, */
const WINDOW_EVENTS = 1000
/** or about so many characters of payload. */
const WINDOW_CHARACTERS = 8 * 1024 * 1024

/** How to import. */
export interface ImportOptions {
  /** Ends it; the same call goes on from there. */
  readonly signal?: AbortSignal
  /** Told after every thousand events or so how many of all are in the log. */
  readonly onProgress?: (events: number, totalEvents: number) => void
}

/** What an import did. */
export interface ImportReport {
  /** The log's identity. */
  readonly logId: string
  /** Its partitions. */
  readonly partitions: number
  /** Events of the export that are in the log now. */
  readonly events: number
  /** Those that were there before: an import went on. */
  readonly eventsBefore: number
  /** Of those written now, how many have a later time than in the export, as time never runs backwards in a partition. */
  readonly timesMoved: number
  /** Commands whose id another command of the same partition has now; they were given one made of their old position. */
  readonly commandIdsChanged: number
  /** False when the signal ended it. */
  readonly done: boolean
}

/**
 * Writes the events of an export to a new log, or goes on with one that an import was interrupted in.
 *
 * Guarantee: ids, streams, versions, times, payloads, metadata, and command ids with their results are as they were, whatever
 * the number of partitions; `kill -9` at any moment loses and doubles nothing when it is called again. When everything is
 * written, the log is read and compared with the file once more.
 *
 * @throws ExportFileError, ExportLineError, ExportCutError, ImportForeignEventError: nothing was imported.
 *   ImportVersionError, ImportDisturbedError: something else writes to the log. And what the store throws: call again when it is mended, it goes on.
 */
export async function importLog(
  open: EventStoreFactory,
  file: string,
  { signal, onProgress }: ImportOptions = {},
): Promise<ImportReport> {
  const totalEvents = await checkExport(file)
  let nowMs = 0
  const clock = { now: () => new Date(nowMs) }
  await using store = await open({ clock, ids: uuidV7Source(), run: 'commands' })
  const before = await foundBefore(store, file)
  if (before.difference) throw new ImportForeignEventError(before.difference)
  const skip = new Map(before.events)
  const lastTime = new Map(before.lastTime)
  const eventsBefore = before.total
  let [events, timesMoved, commandIdsChanged, done] = [eventsBefore, 0, 0, true]

  const write = async ({ partition, events: routed }: RoutedAppend): Promise<void> => {
    const [{ time }] = routed as [RoutedAppend['events'][number]]
    const last = lastTime.get(partition) ?? -Infinity
    if (time < last) timesMoved += routed.length
    else lastTime.set(partition, time)
    const append = (writes: readonly StreamWrite[], options: AppendOptions): Promise<AppendResult> => {
      nowMs = time // read within the call
      return store.append(writes, options)
    }
    if (await appendRouted(append, routed)) commandIdsChanged++
    events += routed.length
  }

  for await (const window of windowsOf(file, store, skip)) {
    if (signal?.aborted) {
      done = false
      break
    }
    await Promise.all([...window.values()].map(lane => inOrder(lane, write)))
    onProgress?.(events, totalEvents)
  }
  const { logId, partitions } = store
  if (done) {
    const { total, difference } = await foundBefore(store, file)
    if (difference || total < totalEvents) throw new ImportDisturbedError(logId, difference)
  }
  return { logId, partitions, events, eventsBefore, timesMoved, commandIdsChanged, done }
}

/** Appends; true when the command had to be given another id. */
async function appendRouted(
  append: (writes: readonly StreamWrite[], options: AppendOptions) => Promise<AppendResult>,
  events: RoutedAppend['events'],
): Promise<boolean> {
  const { logId, partition, offset } = events.at(-1)!
  const writes = writesOf(events)
  const options = optionsOf(events)
  const position = makePosition(logId, partition, offset)
  let changed = false
  const result = await append(writes, options).catch((error: unknown) => {
    if (!(error instanceof CommandIdReusedError)) throw error
    changed = true
    return append(writes, { ...options, commandId: `import:${position}` })
  })
  if (result.kind === 'conflict') {
    const { version } = events.find(({ stream }) => stream === result.stream)!
    throw new ImportVersionError(result.stream, version, result.actual, position)
  }
  return changed
}

/**
 * What is not there yet, by partition, so that partitions go side by side.
 *
 * @yields about a thousand events at a time
 */
async function* windowsOf(
  file: string,
  { partitions }: EventStore,
  skip: Map<number, number>,
): AsyncGenerator<ReadonlyMap<number, readonly RoutedAppend[]>> {
  let lanes = new Map<number, RoutedAppend[]>()
  let size = 0
  let characters = 0
  for await (const routed of routedAppends(file, partitions)) {
    const { partition, events } = routed
    const there = skip.get(partition) ?? 0
    if (there > 0) {
      skip.set(partition, there - events.length)
      continue
    }
    const lane = lanes.get(partition)
    if (lane) lane.push(routed)
    else lanes.set(partition, [routed])
    size += events.length
    for (const { data } of events) characters += data.length
    if (size < WINDOW_EVENTS && characters < WINDOW_CHARACTERS) continue
    yield lanes
    lanes = new Map()
    size = characters = 0
  }
  if (size > 0) yield lanes
}

async function inOrder<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await work(item)
}
