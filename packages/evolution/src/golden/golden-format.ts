import { GoldenFileError } from './errors.js'
import type { GoldenEvent, GoldenFile } from './golden-event.js'

const FORMAT = 1

/** A golden file as NDJSON: what it is about, then its events. @internal */
export function formatGolden({ type, schemaVersion, position, events }: GoldenFile): string {
  return [{ golden: FORMAT, type, schemaVersion, position }, ...events]
    .map(line => `${JSON.stringify(line)}\n`)
    .join('')
}

/** Reads the NDJSON of a golden file. @param file - names it in errors @throws GoldenFileError with the line */
export function parseGolden(text: string, file: string): GoldenFile {
  const lines = text.trimEnd().split('\n')
  const head = objectAt(lines, 0, file)
  const { golden, type, schemaVersion, position } = head
  if (!Number.isSafeInteger(golden))
    throw new GoldenFileError(file, 1, 'its first line has no "golden" with the number of a format')
  if ((golden as number) > FORMAT)
    throw new GoldenFileError(
      file,
      1,
      `it has format ${String(golden)}, and this version reads formats up to ${FORMAT}: upgrade hindcast`,
    )
  const events = lines.slice(1).map((_, index) => eventAt(lines, index + 1, file))
  const last = events.at(-1)
  if (!last || last.type !== type || last.schemaVersion !== schemaVersion)
    throw new GoldenFileError(
      file,
      lines.length,
      `it is about "${String(type)}" version ${String(schemaVersion)}, but does not end with such an event`,
    )
  events.forEach((event, index) => {
    if (event.version !== last.version - (events.length - 1 - index) || event.stream !== last.stream)
      throw new GoldenFileError(
        file,
        index + 2,
        'its events are not the versions of one stream, one after the other',
      )
  })
  return { type: last.type, schemaVersion: last.schemaVersion, position: String(position), events }
}

function eventAt(lines: readonly string[], index: number, file: string): GoldenEvent {
  const event = objectAt(lines, index, file)
  const wrong =
    ['stream', 'type', 'id', 'time', 'commandId'].find(field => typeof event[field] !== 'string') ??
    ['version', 'schemaVersion'].find(field => !Number.isSafeInteger(event[field])) ??
    ['data', 'metadata'].find(field => !isObject(event[field]))
  if (wrong !== undefined)
    throw new GoldenFileError(file, index + 1, `the event has no "${wrong}" as it was taken`)
  return event as unknown as GoldenEvent
}

function objectAt(lines: readonly string[], index: number, file: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(lines[index]!)
  } catch (error) {
    throw new GoldenFileError(file, index + 1, `the line is no JSON: ${(error as Error).message}`, error)
  }
  if (!isObject(value)) throw new GoldenFileError(file, index + 1, 'the line is JSON, but no object')
  return value as Readonly<Record<string, unknown>>
}

/** Whether a JSON value is an object. @internal */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
