import {
  Ignored,
  readersOf,
  StateNotSerializableError,
  streamHistory,
  validateMessage,
  type DecodedEvent,
  type HistoryParts,
  type Newable,
  type RecordedEvent,
} from '@hindcast/core'
import { GoldenReplayError, type GoldenStep } from './errors.js'
import type { GoldenEvent, GoldenFile } from './golden-event.js'
import { projectGolden } from './project.js'

/** The code that golden events are replayed with. */
export interface GoldenParts extends Omit<HistoryParts, 'store'> {
  /** The projections that fold them; those that run SQL are passed over. Default: none. */
  readonly projections?: readonly Newable[]
}

/** What could not be tried in a replay, a sentence each. */
export type Untried = readonly string[]

const LOG_ID = 'golden'

/**
 * Replays a golden event as today's code would read it from the log: through its upcasters, its rules, the @Apply methods of
 * its aggregate, and the folds of every projection.
 *
 * @param file - names it in errors
 * @returns what could not be tried
 * @throws GoldenReplayError that names type, version, step, file and line
 */
export async function replayGolden(golden: GoldenFile, file: string, parts: GoldenParts): Promise<Untried> {
  const recorded = golden.events.map(recordedOf)
  const { catalog } = readersOf(parts)
  const decoded = recorded.map((event, index) =>
    attempt(file, golden.events, index, 'upcast', () => catalog.decode(event, LOG_ID)),
  )
  for (const { event } of decoded.at(-1)!)
    attempt(
      file,
      golden.events,
      decoded.length - 1,
      'validate',
      () => event instanceof Ignored || validateMessage(event),
    )
  if (recorded[0]!.version > 0)
    return [
      `${file}: too much went before the event, so that it is not folded into its aggregate and the projections`,
    ]
  return [
    ...(await applyAll(golden, file, parts, recorded, decoded)),
    ...(await projectGolden(golden, file, parts, decoded)),
  ]
}

async function applyAll(
  golden: GoldenFile,
  file: string,
  parts: GoldenParts,
  recorded: readonly RecordedEvent[],
  decoded: readonly (readonly DecodedEvent[])[],
): Promise<Untried> {
  const { stream } = recorded[0]!
  const category = stream.slice(0, stream.indexOf('-'))
  if (!readersOf(parts).aggregates.some(aggregate => aggregate.category === category))
    return [`${file}: no aggregate has category "${category}", so that the event is not folded into one`]
  const store = {
    logId: LOG_ID,
    async *readStream() {
      yield recorded
    },
  }
  let folded = 0
  try {
    for await (const _ of streamHistory({ ...parts, store }, stream)) folded++
  } catch (error) {
    if (error instanceof StateNotSerializableError)
      return [`${file}: ${error.message}; what follows is not folded into the aggregate`]
    const line = decoded.findIndex((_, index) => decoded.slice(0, index + 1).flat().length > folded)
    throw failure(file, golden.events, line, '@Apply', error)
  }
  return []
}

function recordedOf({ data, time, ...event }: GoldenEvent): RecordedEvent {
  const offset = BigInt(event.version) + 1n
  return { ...event, partition: 0, offset, time: Date.parse(time), data: JSON.stringify(data) }
}

function attempt<T>(
  file: string,
  events: readonly GoldenEvent[],
  index: number,
  step: GoldenStep,
  work: () => T,
): T {
  try {
    return work()
  } catch (error) {
    throw failure(file, events, index, step, error)
  }
}

/** The first line of the file is its head. */
function failure(
  file: string,
  events: readonly GoldenEvent[],
  index: number,
  step: GoldenStep,
  cause: unknown,
): GoldenReplayError {
  const { type, schemaVersion } = events[index]!
  return new GoldenReplayError(file, index + 2, step, { type, schemaVersion }, cause)
}
