import { readText, writeText } from '../record/text.js'
import type { KeyCodec } from './key-codec.js'

/** What the folder says about itself, who works on it, or the state of a partition, by its number. */
export type AboutKey = 'hindcast' | 'owner' | number

/** Three bytes that begin with a zero for a partition; else the text. They lie beside the names of the tables. */
export const aboutKeys: KeyCodec<AboutKey> = {
  writeKey(key, target, start) {
    if (typeof key === 'string') return start + writeText(target, key, start)
    target[start] = 0
    return target.writeUInt16BE(key, start + 1)
  },
  readKey(source, start, end) {
    return source[start] === 0 ? source.readUInt16BE(start + 1) : (readText(source, start, end) as AboutKey)
  },
}
