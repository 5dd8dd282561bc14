import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HistoryParts, RecordedEvent } from '@hindcast/core'
import { choose, type Choice, type GoldenProblem } from './choose.js'
import { GoldenRedactionError } from './errors.js'
import type { GoldenEvent } from './golden-event.js'
import { formatGolden, isObject } from './golden-format.js'
import { DEFAULT_GOLDEN_FOLDER, type GoldenOptions } from './golden-options.js'

/** What was taken. */
export interface GoldenTake {
  /** The files that were written, in the order of types and versions. */
  readonly written: readonly string[]
  /** The files that were there before and stayed. */
  readonly kept: readonly string[]
  /** Events that could not be taken, or that today's code cannot read. */
  readonly problems: readonly GoldenProblem[]
}

const DEFAULT_MAX_HISTORY = 1000

/**
 * Samples a real event of every type and version from a log, each into a file with what its stream had before it. What is
 * there already stays as it is: taking again adds what is new, and is the same for the same log.
 *
 * @throws GoldenRedactionError
 */
export async function takeGolden(parts: HistoryParts, options: GoldenOptions = {}): Promise<GoldenTake> {
  const { folder = DEFAULT_GOLDEN_FOLDER } = options
  const { choices, problems } = await choose(parts)
  const written: string[] = []
  const kept: string[] = []
  const cut: GoldenProblem[] = []
  await mkdir(folder, { recursive: true })
  for (const choice of choices) {
    const file = join(folder, `${choice.type}.v${choice.schemaVersion}.ndjson`)
    if (await exists(file)) {
      kept.push(file)
      continue
    }
    const events = await historyOf(parts, choice, options, cut)
    await writeFile(`${file}.new`, formatGolden({ ...choice, events }))
    await rename(`${file}.new`, file)
    written.push(file)
  }
  return { written, kept, problems: [...problems, ...cut] }
}

async function historyOf(
  { store }: HistoryParts,
  { type, schemaVersion, stream, version, position }: Choice,
  { redact = event => event, maxHistory = DEFAULT_MAX_HISTORY }: GoldenOptions,
  cut: GoldenProblem[],
): Promise<readonly GoldenEvent[]> {
  let events: GoldenEvent[] = []
  const from = version > maxHistory ? version : 0
  for await (const batch of store.readStream(stream, { from, limit: version - from + 1 }))
    for (const recorded of batch) {
      const event = goldenOf(recorded)
      if (event) events.push(event)
      else {
        const what = `version ${recorded.version} of stream "${stream}"`
        const message = `${what} is no JSON object, so "${type}" version ${schemaVersion} is taken without what went before it`
        cut.push({ code: 'HC_PAYLOAD', message, position })
        events = []
      }
    }
  const whole = events[0]?.version === 0 ? events : events.slice(-1)
  return whole.map(event => redacted(event, redact, position))
}

function goldenOf({
  stream,
  version,
  type,
  schemaVersion,
  id,
  time,
  commandId,
  metadata,
  data,
}: RecordedEvent): GoldenEvent | undefined {
  const plain = parsed(data)
  if (!isObject(plain)) return undefined
  const at = new Date(time).toISOString()
  return { stream, version, type, schemaVersion, id, time: at, commandId, metadata, data: plain }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}

function redacted(
  event: GoldenEvent,
  redact: (event: GoldenEvent) => GoldenEvent,
  position: string,
): GoldenEvent {
  let result: GoldenEvent
  try {
    result = redact(event)
  } catch (error) {
    throw new GoldenRedactionError(position, `throws ${String(error)}`, error)
  }
  if (!isObject(result) || !isObject(result.data))
    throw new GoldenRedactionError(position, 'gives no event with data')
  for (const field of ['type', 'schemaVersion', 'version', 'time'] as const)
    if (result[field] !== event[field]) throw new GoldenRedactionError(position, `changes its ${field}`)
  return result
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
