import { LogIntegrityError } from '@hindcast/core'
import { checkFolder, type StoredEvent, type StreamIndex } from '@hindcast/stream-index'
import { openLog } from './open-log.js'

/** What a log holds. */
export interface LogContent {
  /** The log's identity. */
  readonly logId: string
  /** How many partitions it has. */
  readonly partitions: number
  /** How many events. */
  readonly events: number
  /** How many streams. */
  readonly streams: number
}

const BATCH_EVENTS = 1000

/**
 * Reads a whole log: every page, every append with its checksum, every stream, every command id. Others may append meanwhile.
 *
 * @throws FolderUnusableError when there is no log; FolderDamagedError, LogIntegrityError at the first damage.
 */
export async function verifyLog(folder: string): Promise<LogContent> {
  checkFolder(folder)
  const index = await openLog(folder)
  try {
    const versions = new Map<string, number>()
    let events = 0
    for (let partition = 0; partition < index.partitions; partition++)
      events += await verifyPartition(index, partition, versions)
    for (const [stream, version] of versions) verifyStream(index, stream, version)
    return { logId: index.logId, partitions: index.partitions, events, streams: versions.size }
  } finally {
    await index.close()
  }
}

async function verifyPartition(
  index: StreamIndex,
  partition: number,
  versions: Map<string, number>,
): Promise<number> {
  let count = 0
  for (let next = 0, end = 1; next < end;) {
    const run = index.readLog(partition, next, BATCH_EVENTS)
    for (const event of run.events) verifyEvent(index, partition, event, versions)
    count += run.events.length
    next = run.next
    end = run.end
    // Other work of this process goes on between batches.
    await new Promise(resolve => setImmediate(resolve))
  }
  return count
}

function verifyEvent(
  index: StreamIndex,
  partition: number,
  event: StoredEvent,
  versions: Map<string, number>,
): void {
  const due = (versions.get(event.stream) ?? -1) + 1
  if (event.version !== due) throw wrong(event, `it has version ${event.version}, ${due} is due`)
  versions.set(event.stream, event.version)
  const append = index.command(partition, event.commandId)
  if (!append || append.offset > event.offset || append.offset + append.events <= event.offset)
    throw wrong(event, `its command id "${event.commandId}" leads elsewhere`)
}

function verifyStream(index: StreamIndex, stream: string, version: number): void {
  const head = index.head(stream)
  if (!head || head.version < version) throw missing(stream, version)
  for (let next = 0; next <= version;) {
    const run = index.readRun(stream, head, next)
    if (run.first > next || run.next <= next) throw missing(stream, next)
    next = run.next
  }
}

function wrong({ stream, partition, offset }: StoredEvent, reason: string): LogIntegrityError {
  const place = { stream, partition, offset: String(offset) }
  return new LogIntegrityError(
    `the event of stream "${stream}" at offset ${offset} of partition ${partition}: ${reason}`,
    place,
  )
}

function missing(stream: string, version: number): LogIntegrityError {
  return new LogIntegrityError(
    `version ${version} of stream "${stream}" is in the log, but not in the stream`,
    { stream, version },
  )
}
