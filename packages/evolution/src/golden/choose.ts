import { HindcastError, makePosition, readersOf, type HistoryParts, type RecordedEvent } from '@hindcast/core'
import { isObject } from './golden-format.js'

/** An event of the log that something is wrong with; it was passed over, and the next one looked at. */
export interface GoldenProblem {
  /** The stable identifier of the error. */
  readonly code: string
  /** What is wrong, where and with which type. */
  readonly message: string
  /** Its place in the log. */
  readonly position: string
}

/** Where the golden event of a type and version is. @internal */
export interface Choice {
  readonly type: string
  readonly schemaVersion: number
  readonly stream: string
  readonly version: number
  readonly position: string
}

/** What a log has to choose from. @internal */
export interface Choices {
  readonly choices: readonly Choice[]
  readonly problems: readonly GoldenProblem[]
}

const NAME = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/

/**
 * Reads the whole log, and chooses of each type and version the event with the least history; of equals the first. Events that
 * the code cannot read are chosen too, and told of: that is what golden events are to show. @internal
 */
export async function choose(parts: HistoryParts): Promise<Choices> {
  const { store } = parts
  const { catalog } = readersOf(parts)
  const best = new Map<string, Choice>()
  const problems = new Map<string, GoldenProblem>()
  for (let partition = 0; partition < store.partitions; partition++)
    for await (const { events } of store.readLog(partition, { from: 0n, live: false }))
      for (const recorded of events) {
        const { type, schemaVersion, stream, version } = recorded
        const name = `${type} ${schemaVersion}`
        const before = best.get(name)
        if (before && before.version <= version) continue
        const position = makePosition(store.logId, partition, recorded.offset)
        const problem = problemOf(recorded, position)
        if (problem) problems.set(position, problem)
        else best.set(name, { type, schemaVersion, stream, version, position })
        if (!before && !problem)
          try {
            catalog.decode(recorded, store.logId)
          } catch (error) {
            if (!(error instanceof HindcastError)) throw error
            problems.set(name, { code: error.code, message: error.message, position })
          }
      }
  const choices = [...best.values()].toSorted((a, b) =>
    a.type === b.type ? a.schemaVersion - b.schemaVersion : a.type < b.type ? -1 : 1,
  )
  return { choices, problems: [...problems.values()] }
}

/** Why an event cannot be taken as it is. */
function problemOf(
  { type, schemaVersion, data }: RecordedEvent,
  position: string,
): GoldenProblem | undefined {
  const what = `"${type}" version ${schemaVersion} at ${position}`
  if (!NAME.test(type))
    return { code: 'HC_GOLDEN_FILE', message: `${what} has a name that no file can have`, position }
  try {
    if (isObject(JSON.parse(data))) return undefined
  } catch {
    // told below
  }
  return { code: 'HC_PAYLOAD', message: `${what} is no JSON object; another one is looked for`, position }
}
