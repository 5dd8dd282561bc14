import { LogIntegrityError, type SnapshotStore } from '@hindcast/core'
import { decodePartition, isPageOf, type IndexFolder, type PartitionState } from '@hindcast/stream-index'
import type { LogRecord } from '../record/log-record.js'
import { gatherAppends, readAppend } from '../record/read-append.js'
import type { RecordRun } from '../record/record-run.js'
import { decodeChunk } from './chunk.js'
import { findCommand, greatestCommand } from './command-block.js'
import type { Layer } from './layer.js'
import { decodePlaces, StoredHead, type Place } from './stored-head.js'
import { writePartition } from './write-partition.js'

/** So many bytes make a batch of the log full, however few its events are. */
const RUN_BYTES = 1_048_576

/** For the usual log entry; a larger one is of a single large append. */
const CHUNK_MEMORY_BYTES = 8192

/** Events of one stream, in order of version. */
export interface StreamRun {
  readonly events: readonly LogRecord[]
  /** The first version of the run: below it lies the next run backwards. */
  readonly first: number
  /** The version behind the run: there the next run forwards begins. */
  readonly next: number
}

/** The part of an index that is on disk. */
export class IndexFile {
  /** The last one that was looked up, in {@link memory}: nothing that is given out lies there. */
  private lastChunk: RecordRun | undefined
  private memory = Buffer.allocUnsafeSlow(CHUNK_MEMORY_BYTES)

  constructor(private readonly folder: IndexFolder) {}

  get logId(): string {
    return this.folder.logId
  }

  get partitions(): number {
    return this.folder.partitions
  }

  /** States of aggregates, beside the index in its folder. */
  get snapshots(): SnapshotStore {
    return this.folder.snapshots
  }

  /**
   * Puts a layer on disk, each partition whole or not at all. A transaction a partition, since the thread is held while one
   * is written.
   *
   * @throws LogIntegrityError when it does not continue what is there
   */
  async write(layer: Layer): Promise<void> {
    if (layer.contradiction) throw layer.contradiction
    for (const [partition, change] of layer.partitions) {
      if (change.written) continue
      await this.folder.write(() =>
        writePartition(this.folder.tables, partition, change, this.partition(partition)),
      )
      change.written = true
    }
  }

  /** How far a partition has come. */
  partition(partition: number): PartitionState {
    return this.folder.read(() => {
      const bytes = this.folder.tables.states.peek(partition)
      if (!bytes) throw missing(`the state of partition ${partition}`, { partition })
      return decodePartition(bytes, bytes.length)
    })
  }

  /** Where a stream stands; undefined for one without events. */
  head(stream: string): StoredHead | undefined {
    return this.folder.read(() => {
      const bytes = this.folder.tables.heads.get(stream)
      return bytes && new StoredHead(bytes)
    })
  }

  /** The id of the last event of a stream, whose head this is. */
  lastEventId(stream: string, head: StoredHead): string {
    return this.folder.read(() => {
      const records = this.writeAt(stream, head, head.places[head.places.length - 1]!)
      return records[records.length - 1]!.id
    })
  }

  /** The events of the append that was made under a command id. */
  command(partition: number, commandId: string): readonly LogRecord[] | undefined {
    return this.folder.read(() => {
      const place = findCommand(this.folder.tables.commands, { commandId, partition })
      return place && readAppend(this.chunk(partition, place.chunk), place.offset)
    })
  }

  /** An id that no UUID of version 7 is above among the command ids here; empty when there is none. */
  greatestCommand(): string {
    return this.folder.read(() => greatestCommand(this.folder.tables.commands))
  }

  /**
   * Events of a stream around a version that are cheap to read together: up to the end of what one list of places leads to.
   *
   * @param version - 0 to the head's
   */
  readRun(stream: string, head: StoredHead, version: number): StreamRun {
    return this.folder.read(() => {
      const places = version >= head.unpagedFrom ? head.places : this.page(stream, version)
      const writes: LogRecord[][] = []
      for (let i = places.length - 1; i >= 0; i--) {
        const records = this.writeAt(stream, head, places[i]!)
        writes.push(records)
        if (records[0]!.version <= version) break
      }
      const events = writes.toReversed().flat()
      const first = events[0]!.version
      if (first > version) throw missing(`version ${version} of stream "${stream}"`, { stream, version })
      return { events, first, next: events[events.length - 1]!.version + 1 }
    })
  }

  /** Whole appends of a partition from an offset on. @returns the events, and the offset behind them */
  readLog(partition: number, from: number, maxEvents: number): { events: LogRecord[]; next: number } {
    return this.folder.read(() => {
      const events: LogRecord[] = []
      let bytes = 0
      let next = from
      while (events.length < maxEvents && bytes < RUN_BYTES) {
        const chunk = this.chunkAt(partition, next)
        if (!chunk) return { events, next: Math.max(next, this.partition(partition).next) }
        const start = Math.max(chunk.first, from)
        const end = gatherAppends(chunk.copy(start).read(start), events, maxEvents)
        if (end !== undefined) next = end
        if (end !== chunk.next) break
        bytes += chunk.end - chunk.at
      }
      return { events, next }
    })
  }

  /** Waits for what runs and gives the folder back. */
  close(): Promise<void> {
    return this.folder.close()
  }

  private page(stream: string, version: number): Place[] {
    const { pages } = this.folder.tables
    const key = pages.floor({ stream, firstVersion: version })
    const bytes = key && isPageOf(key, stream) && pages.get({ stream, firstVersion: key.firstVersion })
    if (!bytes) throw missing(`version ${version} of stream "${stream}"`, { stream, version })
    return decodePlaces(bytes, 0, bytes.length)
  }

  /** The events that begin at a place, of one stream and one append. */
  private writeAt(stream: string, { partition }: StoredHead, { chunk, offset }: Place): LogRecord[] {
    const records = writeOf(readAppend(this.chunk(partition, chunk), offset), stream)
    if (records.length === 0)
      throw missing(`the events of stream "${stream}" at offset ${offset}`, { stream, partition, offset })
    return records
  }

  private chunk(partition: number, first: number): RecordRun {
    const last = this.lastChunk
    if (last?.first === first && last.partition === partition) return last
    const chunk = this.findChunk(partition, first)
    if (!chunk) throw missing(`offset ${first} of partition ${partition}`, { partition, offset: first })
    return chunk
  }

  private findChunk(partition: number, first: number): RecordRun | undefined {
    const bytes = this.folder.tables.log.peek({ partition, offset: first })
    if (!bytes) return undefined
    const { length } = bytes
    this.lastChunk = undefined
    if (length > this.memory.length) this.memory = Buffer.allocUnsafeSlow(length)
    this.memory.set(bytes.subarray(0, length))
    return (this.lastChunk = decodeChunk(partition, first, this.memory.subarray(0, length)))
  }

  /** The entry that an offset lies in, or else the first one behind it: there are offsets without events. */
  private chunkAt(partition: number, offset: number): RecordRun | undefined {
    const { log } = this.folder.tables
    const exact = this.findChunk(partition, offset)
    if (exact) return exact
    const below = log.floor({ partition, offset })
    if (below?.partition === partition) {
      const chunk = this.chunk(partition, below.offset)
      if (chunk.next > offset) return chunk
    }
    const above = log.ceiling({ partition, offset })
    return above?.partition === partition ? this.chunk(partition, above.offset) : undefined
  }
}

/** The first of the events that are one stream's, side by side. */
export function writeOf(records: readonly LogRecord[], stream: string): LogRecord[] {
  const end = records.findIndex(record => record.stream !== stream)
  return end < 0 ? [...records] : records.slice(0, end)
}

function missing(what: string, context: Record<string, string | number>): LogIntegrityError {
  return new LogIntegrityError(
    `${what} is missing in the index. Delete its folder, it is filled again`,
    context,
  )
}
