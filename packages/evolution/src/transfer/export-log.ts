import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { readersOf, type AggregateClass, type EventStore } from '@hindcast/core'
import { formatEvent } from './cloud-event.js'
import { exportedAppend } from './exported-append.js'
import { ExportFileError } from './errors.js'
import { lockExport } from './export-lock.js'
import { EXPORT_FORMAT, formatBegin, formatEnd, type ExportStart } from './frame.js'
import { logInTime, type LogStart } from './log-in-time.js'
import { resume } from './resume.js'

const WRITE_BYTES = 1 << 18

/** Which log, and who knows how its streams share partitions. */
export interface ExportParts {
  /** The log; opened so that it can find commands, not for workers only. */
  readonly store: EventStore
  /** The aggregates of all its streams: they know the partition keys. */
  readonly aggregates: readonly AggregateClass[]
}

/** What to export. */
export interface ExportOptions {
  /** A time, or the next offset by partition (0n where it is not named). Default: everything, or what the file began with. */
  readonly from?: Date | ReadonlyMap<number, bigint>
  /** Ends it; the same call goes on from there. */
  readonly signal?: AbortSignal
  /** Told about twice a second how many events the file has. */
  readonly onProgress?: (events: number) => void
}

/** What an export did. */
export interface ExportReport {
  /** Events in the file. */
  readonly events: number
  /** Those that were there before. */
  readonly eventsBefore: number
  /** The line within which the file broke off, where it did; it was written again. */
  readonly cutLine?: number
  /** False when the signal ended it. */
  readonly done: boolean
}

/**
 * Writes the events of a log to a file, one CloudEvent a line, in the order of their times. A file that an export wrote before
 * is continued: behind its end with what came since, or where it broke off.
 *
 * Guarantee: whole appends; payloads as they were recorded; on disk when it resolves. Only a file with an end can be imported.
 * Of two exports to one file at a time, on one machine, one is refused.
 *
 * @throws ExportFileError, ExportLineError, ExportInUseError: the file was not touched; ExportFileError also where it cannot be
 *   written any further, and the same call goes on. ExportEventError: the file ends before that event.
 */
export async function exportLog(
  { store, aggregates }: ExportParts,
  file: string,
  { from: asked, signal, onProgress }: ExportOptions = {},
): Promise<ExportReport> {
  await using out = await openFile(file)
  await using _ = await lockExport(file, out)
  const before = await resume(file, store.logId)
  const from = startAsked(asked)
  if (before && asked && JSON.stringify(before.from) !== JSON.stringify(from))
    throw new ExportFileError(
      file,
      `it begins with ${JSON.stringify(before.from)}, not with ${JSON.stringify(from)}`,
      'Name another file, or leave out where to begin',
    )
  const definitions = readersOf({ aggregates }).aggregates
  const begin = before ? before.from : from
  await out.truncate(before?.bytes ?? 0)
  let at = before?.bytes ?? 0
  let events = before?.events ?? 0
  let text = before ? '' : `${formatBegin(store.logId, { format: EXPORT_FORMAT, from: begin })}\n`
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(text)
    text = ''
    for (let sent = 0; sent < bytes.length;)
      sent += await out.write(bytes, sent, bytes.length - sent, at + sent).then(
        ({ bytesWritten }) => bytesWritten,
        (error: unknown) => refuse(file, error, 'Make room; the same export goes on from there'),
      )
    at += bytes.length
  }
  let told = 0
  let done = true
  try {
    for await (const append of logInTime(store, startOf(begin, before?.next))) {
      if (signal?.aborted) {
        done = false
        break
      }
      for (const event of await exportedAppend(store, definitions, append)) text += `${formatEvent(event)}\n`
      events += append.length
      if (text.length >= WRITE_BYTES) await flush()
      if (onProgress && Date.now() - told > 500) {
        onProgress(events)
        told = Date.now()
      }
    }
    if (done) text += `${formatEnd(store.logId, { events })}\n`
  } finally {
    await flush()
  }
  await out.sync()
  const { cutLine } = before ?? {}
  return { events, eventsBefore: before?.events ?? 0, done, ...(cutLine !== undefined && { cutLine }) }
}

async function openFile(file: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDWR | constants.O_CREAT).catch((error: unknown) =>
    refuse(file, error, 'Name a file that this user may write, in a folder that is there'),
  )
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  throw new ExportFileError(
    file,
    'it is no file on a disk, which alone can be continued and put to disk',
    'Name another one',
  )
}

function refuse(file: string, error: unknown, remedy: string): never {
  throw new ExportFileError(file, (error as Error).message, remedy, error)
}

function startAsked(from: ExportOptions['from']): ExportStart {
  if (from === undefined) return null
  if (from instanceof Date) return from.toISOString()
  return Object.fromEntries([...from].map(([partition, next]) => [String(partition), String(next)]))
}

function startOf(begin: ExportStart, resumed: ReadonlyMap<number, bigint> = new Map()): LogStart {
  if (typeof begin === 'string')
    return { next: partition => resumed.get(partition) ?? 0n, sinceMs: Date.parse(begin) }
  return { next: partition => resumed.get(partition) ?? BigInt(begin?.[partition] ?? 0) }
}
