import { writeUuid, type CommandKey, type Table } from '@hindcast/stream-index'
import { commandHash } from './command-hash.js'
import { usedBefore } from './layer.js'
import { PLACE_BYTES, readPlace, writePlace, type Place } from './stored-head.js'

/**
 * Where the appends of command ids are, in the table of commands. An id that is a UUID of version 7 lies in a block with
 * others that were made in the same 256 ms, and came one behind the other in the log: under the first id of the block
 *
 * ```
 * 0  16 bytes, the id   16  its place   and so on
 * ```
 *
 * Every other id has an entry of its own, its place. An entry for each id took most of the time of a flush.
 */
const ID_BYTES = 16
const ENTRY_BYTES: number = ID_BYTES + PLACE_BYTES
/** Fills two pages, as a log entry does. */
const BLOCK_ENTRIES = 340
/** The bytes of an id that say in which 256 ms it was made, and where they end in its text. */
const TIME_BYTES = 5
const TIME_TEXT = 11

const block = Buffer.allocUnsafeSlow(BLOCK_ENTRIES * ENTRY_BYTES)
const wanted = Buffer.allocUnsafeSlow(ID_BYTES)
const place = Buffer.allocUnsafeSlow(PLACE_BYTES)

/** Writes the command ids of a partition, one after the other. One writer at a time. */
export class CommandBlocks {
  private entries = 0
  private first = ''
  private firstOffset = 0

  constructor(
    private readonly table: Table<CommandKey>,
    private readonly partition: number,
  ) {}

  /** @throws LogIntegrityError when the id was used before, if that can be seen at once */
  add(commandId: string, at: Place): void {
    if (commandHash(commandId) === 0) {
      writePlace(place, at, 0)
      return this.put(commandId, at.offset, place)
    }
    if (this.entries === BLOCK_ENTRIES) this.end()
    if (!this.write(commandId)) {
      this.end()
      this.write(commandId)
    }
    if (this.entries === 0) {
      this.first = commandId
      this.firstOffset = at.offset
    }
    writePlace(block, at, this.entries++ * ENTRY_BYTES + ID_BYTES)
  }

  /** Writes what was gathered. */
  end(): void {
    if (this.entries === 0) return
    const bytes = block.subarray(0, this.entries * ENTRY_BYTES)
    this.entries = 0
    this.put(this.first, this.firstOffset, bytes)
  }

  /** Writes an id behind the others. @returns false when it is of another time than they */
  private write(commandId: string): boolean {
    const at = this.entries * ENTRY_BYTES
    writeUuid(block, commandId, at)
    for (let i = 0; i < TIME_BYTES; i++) if (block[at + i] !== block[i]) return false
    return true
  }

  private put(commandId: string, offset: number, bytes: Buffer): void {
    const { partition } = this
    if (!this.table.add({ commandId, partition }, bytes)) throw usedBefore(partition, { commandId, offset })
  }
}

/** Where the append of a command id is; undefined when the table has none. */
export function findCommand(table: Table<CommandKey>, key: CommandKey): Place | undefined {
  const { commandId, partition } = key
  if (commandHash(commandId) === 0) {
    const bytes = table.peek(key)
    return bytes && readPlace(bytes, 0)
  }
  writeUuid(wanted, commandId, 0)
  for (const found of blocksAround(table, commandId)) {
    if (found.partition !== partition) continue
    const bytes = table.peek(found)!
    for (let at = 0; at < bytes.length; at += ENTRY_BYTES)
      if (bytes.compare(wanted, 0, ID_BYTES, at, at + ID_BYTES) === 0) return readPlace(bytes, at + ID_BYTES)
  }
  return undefined
}

/** An id that no UUID of version 7 in the table is above; empty when there is none of any version. */
export function greatestCommand(table: Table<CommandKey>): string {
  const last = table.floor(LAST)?.commandId ?? ''
  return commandHash(last) === 0 ? last : timeOf(last) + LATEST
}

const LAST: CommandKey = { commandId: 'ffffffff-ffff-ffff-ffff-ffffffffffff', partition: 0xffff }
const EARLIEST = '00-0000-0000-000000000000'
const LATEST = 'ff-ffff-ffff-ffffffffffff'

function timeOf(uuid: string): string {
  return uuid.slice(0, TIME_TEXT)
}

/** The keys of the blocks, of all partitions, that hold ids of the time of this one. */
function blocksAround(table: Table<CommandKey>, commandId: string): CommandKey[] {
  const time = timeOf(commandId)
  const low = { commandId: time + EARLIEST, partition: 0 }
  const high = { commandId: time + LATEST, partition: 0xffff }
  return table.between(low, high).filter(key => commandHash(key.commandId) !== 0)
}
