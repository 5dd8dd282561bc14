import { createReadStream } from 'node:fs'
import { parseEvent } from './cloud-event.js'
import { ExportFileError, ExportLineError } from './errors.js'
import type { ExportedEvent } from './exported-event.js'
import { EXPORT_FORMAT, FRAME, type ExportBegin, type ExportEnd } from './frame.js'

/** A line is not longer than this: an event of 256 KiB, with every character escaped. */
const MAX_LINE_BYTES = 2 * 1024 * 1024
const NEWLINE = 10

/** One line of an export, its number (from 1) and the byte behind it. `cut`: the file ends within the line. */
export type ExportLine = { readonly line: number; readonly behind: number } & (
  | { readonly kind: 'begin'; readonly source: string; readonly begin: ExportBegin }
  | { readonly kind: 'event'; readonly event: ExportedEvent }
  | { readonly kind: 'end'; readonly end: ExportEnd }
  | { readonly kind: 'cut' }
)

/**
 * The lines of an export, one after the other, in memory for one line.
 *
 * @yields begin, events, end; a file that breaks off has no end, and perhaps a last line that is cut
 * @throws ExportFileError when it is no export; ExportLineError
 */
export async function* readExport(file: string): AsyncGenerator<ExportLine> {
  let line = 0
  let behind = 0
  let ended = false
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const { bytes, whole } of linesOf(file, () => line + 1)) {
    line++
    behind += bytes.length
    if (ended) throw new ExportLineError(file, line, 'it stands behind the end')
    if (!whole) {
      yield { kind: 'cut', line, behind }
      return
    }
    const read = parseLine(file, line, () => decoder.decode(bytes.subarray(0, -1)))
    ended = read.kind === 'end'
    yield { ...read, line, behind }
  }
}

type Read = ExportLine extends infer L ? (L extends unknown ? Omit<L, 'line' | 'behind'> : never) : never

function parseLine(file: string, line: number, decode: () => string): Read {
  let attributes: Record<string, unknown>
  try {
    const text = decode()
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error('it is no JSON object')
    attributes = value as Record<string, unknown>
    if (attributes['specversion'] !== '1.0') throw new Error('it is no CloudEvent of specversion 1.0')
    const isFrame = attributes['subject'] === undefined
    if ((line === 1) !== (isFrame && attributes['type'] === FRAME.begin))
      throw new Error('the line of the beginning is not the first one')
    if (!isFrame) return { kind: 'event', event: parseEvent(text, attributes) }
    if (line > 1) return { kind: 'end', end: parseEnd(attributes) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (line === 1)
      throw new ExportFileError(file, `it is no export of a log (line 1: ${reason})`, 'Name another file')
    throw new ExportLineError(file, line, reason, error)
  }
  return { kind: 'begin', source: String(attributes['source']), begin: parseBegin(file, attributes) }
}

function parseBegin(file: string, { data }: Readonly<Record<string, unknown>>): ExportBegin {
  const begin = data as ExportBegin | undefined
  if (begin?.format !== EXPORT_FORMAT)
    throw new ExportFileError(
      file,
      `its format is ${JSON.stringify(begin?.format)}, this version reads ${EXPORT_FORMAT}`,
      'Use the version of hindcast that wrote it',
    )
  return begin
}

function parseEnd({ type, data }: Readonly<Record<string, unknown>>): ExportEnd {
  const events = (data as ExportEnd | undefined)?.events
  if (type !== FRAME.end || !Number.isSafeInteger(events)) throw new Error('it has no subject, and is no end')
  return data as ExportEnd
}

async function* linesOf(
  file: string,
  current: () => number,
): AsyncGenerator<{ readonly bytes: Buffer; readonly whole: boolean }> {
  let pieces: Buffer[] = []
  let length = 0
  for await (const chunk of chunksOf(file)) {
    let begin = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, begin)) {
      yield { bytes: Buffer.concat([...pieces, chunk.subarray(begin, at + 1)]), whole: true }
      pieces = []
      length = 0
      begin = at + 1
    }
    if (begin < chunk.length) pieces.push(chunk.subarray(begin))
    length += chunk.length - begin
    if (length > MAX_LINE_BYTES)
      throw new ExportLineError(file, current(), `it is longer than ${MAX_LINE_BYTES} bytes`)
  }
  if (pieces.length > 0) yield { bytes: Buffer.concat(pieces), whole: false }
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>
  } catch (error) {
    throw new ExportFileError(file, (error as Error).message, 'Name a file that this user may read', error)
  }
}
