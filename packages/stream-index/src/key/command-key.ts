import { readText, writeText } from '../record/text.js'
import type { KeyCodec } from './key-codec.js'

/** A command id in a partition. */
export interface CommandKey {
  readonly commandId: string
  readonly partition: number
}

/** The id, then the partition (u16): ids that grow with time, as UUIDs of version 7 do, all go to the end of the table. */
export const commandKeys: KeyCodec<CommandKey> = {
  writeKey({ commandId, partition }, target, start) {
    return target.writeUInt16BE(partition, start + writeText(target, commandId, start))
  },
  readKey(source, start, end) {
    return { commandId: readText(source, start, end - 2), partition: source.readUInt16BE(end - 2) }
  },
}
