import { readText, writeText } from '../record/text.js'
import type { KeyCodec } from './key-codec.js'
import { readUuid, UUID_BYTES, writeUuid } from './uuid.js'

/** A command id in a partition. */
export interface CommandKey {
  /** The id. */
  readonly commandId: string
  /** The partition. */
  readonly partition: number
}

/** No UTF-8 has this byte, so that no other id looks like a UUID, and all UUIDs come behind all others. */
const UUID = 0xff

/** No key of a command is greater. */
export const LAST_COMMAND_KEY: CommandKey = {
  commandId: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  partition: 0xffff,
}

/**
 * The id, then the partition (u16). A UUID is its 16 bytes, in the order of its text: ids that grow with time, as UUIDs of
 * version 7 do, all go to the end of the table.
 */
export const commandKeys: KeyCodec<CommandKey> = {
  writeKey({ commandId, partition }, target, start) {
    let end = start + 1 + UUID_BYTES
    if (writeUuid(target, commandId, start + 1)) target[start] = UUID
    else end = start + writeText(target, commandId, start)
    return target.writeUInt16BE(partition, end)
  },
  readKey(source, start, end) {
    const commandId = source[start] === UUID ? readUuid(source, start + 1) : readText(source, start, end - 2)
    return { commandId, partition: source.readUInt16BE(end - 2) }
  },
}
