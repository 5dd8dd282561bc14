import type { AppendRecord, RecordedWrite, RecordedWriteEvent } from './append-record.js'
import { countEvents } from './append-record.js'
import { UUID_BYTES, writeUuid } from '../key/uuid.js'
import { checksum } from './check-append.js'
import { FLAG, HEAD_BYTES, LAYOUT_VERSION, METADATA_FIELDS, UUID_MARK } from './layout.js'
import { writeText } from './text.js'

/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const MAX_UTF8 = 3
const FRAME_BYTES = 32

let scratch = Buffer.allocUnsafeSlow(65_536)

/**
 * Encodes an append as `layout.ts` says.
 *
 * @param before - for each write the offset of the stream's append before this one, 0 for none
 * @returns bytes that the next call overwrites
 */
export function encodeAppend(append: AppendRecord, before: readonly number[]): Buffer {
  reserve(append)
  const target = scratch
  target.writeUInt32LE(0, 0)
  target[4] = LAYOUT_VERSION
  target.writeUInt16LE(append.writes.length, 6)
  target.writeUInt16LE(countEvents(append.writes), 8)
  target.writeDoubleLE(append.time, 10)
  let at = putId(target, append.commandId, HEAD_BYTES)
  let flags = 0
  if (append.command !== undefined) {
    flags |= FLAG.command
    at = putText(target, append.command, at)
  }
  if (append.result !== undefined) {
    flags |= FLAG.result
    at = putText(target, append.result, at)
  }
  if (append.metadata)
    for (const field of METADATA_FIELDS) {
      const value = append.metadata[field]
      if (value === undefined) continue
      flags |= FLAG[field]
      at = putId(target, value, at)
    }
  target[5] = flags
  for (let i = 0; i < append.writes.length; i++) at = putWrite(target, append.writes[i]!, before[i]!, at)
  const bytes = target.subarray(0, at)
  target.writeUInt32LE(checksum(bytes), 0)
  return bytes
}

function putWrite(target: Buffer, write: RecordedWrite, before: number, start: number): number {
  let at = putText(target, write.stream, start)
  at = target.writeUIntLE(write.firstVersion, at, 6)
  at = target.writeUIntLE(before, at, 6)
  at = target.writeUInt16LE(write.events.length, at)
  const first = at + 4
  let end = first
  for (const event of write.events) end = putEvent(target, event, end)
  target.writeUInt32LE(end - first, at)
  return end
}

function putEvent(target: Buffer, event: RecordedWriteEvent, start: number): number {
  let at = putId(target, event.id, start)
  at = putText(target, event.type, at)
  at = target.writeDoubleLE(event.schemaVersion, at)
  const { data } = event
  let length: number
  if (typeof data === 'string') length = writeText(target, data, at + 4)
  else {
    target.set(data, at + 4)
    length = data.length
  }
  target.writeUInt32LE(length, at)
  return at + 4 + length
}

/** A text that mostly is a UUID. */
function putId(target: Buffer, id: string, at: number): number {
  if (!writeUuid(target, id, at + 2)) return putText(target, id, at)
  target.writeUInt16LE(UUID_MARK, at)
  return at + 2 + UUID_BYTES
}

function putText(target: Buffer, text: string, at: number): number {
  const length = writeText(target, text, at + 2)
  target[at] = length & 0xff
  target[at + 1] = length >>> 8
  return at + 2 + length
}

/** Makes the scratch buffer large enough for the worst that the append's texts can become. */
function reserve(append: AppendRecord): void {
  let units = append.commandId.length + (append.command?.length ?? 0) + (append.result?.length ?? 0)
  let frames = 4
  if (append.metadata) for (const field of METADATA_FIELDS) units += append.metadata[field]?.length ?? 0
  for (const write of append.writes) {
    units += write.stream.length
    frames += 1 + write.events.length
    for (const event of write.events) units += event.id.length + event.type.length + event.data.length
  }
  const bytes = units * MAX_UTF8 + frames * FRAME_BYTES
  if (bytes > scratch.length) scratch = Buffer.allocUnsafeSlow(Math.max(bytes, scratch.length * 2))
}
