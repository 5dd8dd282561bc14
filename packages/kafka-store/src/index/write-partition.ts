import { encodePartition, type IndexTables, type PartitionState } from '@hindcast/stream-index'
import type { RecordRun } from '../record/record-run.js'
import { encodeState } from '../validity/log-state.js'
import { CHUNK_BYTES, encodeChunk } from './chunk.js'
import { CommandBlocks } from './command-block.js'
import {
  alreadyThere,
  doesNotContinue,
  type LayerPartition,
  type LayerStream,
  type StreamWrites,
} from './layer.js'
import { HEAD, PLACE_BYTES, PLACES_PER_PAGE, writePlace } from './stored-head.js'

let scratch = Buffer.allocUnsafeSlow(4096)

/**
 * Writes what a layer has of a partition into the tables of an index, inside of a transaction.
 *
 * @throws LogIntegrityError when it does not continue what is there
 */
export function writePartition(
  tables: IndexTables,
  partition: number,
  layer: LayerPartition,
  before: PartitionState,
): void {
  const { streams, writes, state, time } = layer
  const chunks = writeAppends(tables, partition, layer)
  for (let i = 0; i < streams.length; i++) writeHead(tables, streams[i]!, writes.of(streams[i]!), chunks)
  const after = { next: state.next, time: Math.max(time, before.time), state: encodeState(state) }
  tables.states.put(partition, encodePartition(after))
}

/** @returns the first offset of each log entry that was written */
function writeAppends(tables: IndexTables, partition: number, { runs, commands }: LayerPartition): number[] {
  const firsts: number[] = []
  const { ids, offsets } = commands
  const blocks = new CommandBlocks(tables.commands, partition)
  let next = 0
  let run: RecordRun | undefined
  let first = 0
  let firstAt = 0
  let at = 0
  const put = (end: number): void => {
    firsts.push(first)
    const chunk = encodeChunk(run!.part(first, end - first, firstAt, at))
    if (!tables.log.add({ partition, offset: first }, chunk)) throw alreadyThere(partition, first)
  }
  for (let i = 0; i < ids.length; i++) {
    const start = offsets[i]!
    while (!run || start >= run.next) {
      if (run) put(run.next)
      run = runs[next++]!
      first = run.first
      firstAt = at = run.at
    }
    const end = Math.min(offsets[i + 1] ?? Infinity, run.next)
    let endAt = at
    for (let offset = start; offset < end; offset++) endAt = run.behind(endAt)
    if (endAt - firstAt > CHUNK_BYTES && start > first) {
      put(start)
      first = start
      firstAt = at
    }
    at = endAt
    blocks.add(ids[i]!, { chunk: first, offset: start })
  }
  if (run) put(run.next)
  blocks.end()
  return firsts
}

function writeHead(
  { heads, pages }: IndexTables,
  { stream, partition, version }: LayerStream,
  { versions, offsets }: StreamWrites,
  chunks: readonly number[],
): void {
  reserve(HEAD.places + (PLACES_PER_PAGE + offsets.length) * PLACE_BYTES)
  const known = heads.peek(stream)
  let end: number = HEAD.places
  let unpagedFrom = 0
  if (known) {
    const before = {
      partition: known.readUInt16LE(HEAD.partition),
      version: known.readUIntLE(HEAD.version, 6),
    }
    if (before.partition !== partition || before.version + 1 !== versions[0])
      throw doesNotContinue({ stream, partition, firstVersion: versions[0]! }, offsets[0]!, before)
    unpagedFrom = known.readUIntLE(HEAD.unpagedFrom, 6)
    end = known.length
    scratch.set(known.subarray(HEAD.places, end), HEAD.places)
  } else if (versions[0] !== 0)
    throw doesNotContinue({ stream, partition, firstVersion: versions[0]! }, offsets[0]!, undefined)
  const old = (end - HEAD.places) / PLACE_BYTES
  for (const offset of offsets) end = writePlace(scratch, { chunk: chunkOf(chunks, offset), offset }, end)
  let start: number = HEAD.places
  // The last place stays: it leads to the stream's last event.
  for (let paged = PLACES_PER_PAGE; paged < old + offsets.length; paged += PLACES_PER_PAGE) {
    const pageEnd = start + PLACES_PER_PAGE * PLACE_BYTES
    pages.put({ stream, firstVersion: unpagedFrom }, scratch.subarray(start, pageEnd))
    unpagedFrom = versions[paged - old]!
    start = pageEnd
  }
  const at = start - HEAD.places
  scratch.writeUInt16LE(partition, at + HEAD.partition)
  scratch.writeUIntLE(version, at + HEAD.version, 6)
  scratch.writeUIntLE(unpagedFrom, at + HEAD.unpagedFrom, 6)
  heads.put(stream, scratch.subarray(at, end))
}

/** The greatest of the ascending offsets that is not above this one. */
function chunkOf(chunks: readonly number[], offset: number): number {
  let low = 0
  let high = chunks.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (chunks[middle]! > offset) high = middle
    else low = middle
  }
  return chunks[low]!
}

function reserve(bytes: number): void {
  if (bytes > scratch.length) scratch = Buffer.allocUnsafeSlow(bytes * 2)
}
