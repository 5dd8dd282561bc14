import { readText } from '../record/text.js'

/** How many bytes a UUID takes, instead of the 36 characters of its text. */
export const UUID_BYTES = 16

const TEXT_LENGTH = 36
const HYPHEN = 0x2d
/** Where the first of the two digits of each byte stands in the text. */
const PLACES = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34)
const CHARACTERS = Buffer.from('0123456789abcdef', 'latin1')
const NO_DIGIT = 0x80
/** The value of a digit by its character code. Capitals are none: the text must come back as it was. */
const DIGITS = new Uint8Array(128).fill(NO_DIGIT)
CHARACTERS.forEach((character, value) => (DIGITS[character] = value))

const text = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1')

/** Writes a UUID in small letters as its bytes. @returns false when the text is none: whatever was written has no meaning */
export function writeUuid(target: Uint8Array, uuid: string, at: number): boolean {
  if (uuid.length !== TEXT_LENGTH) return false
  if (uuid.charCodeAt(8) !== HYPHEN || uuid.charCodeAt(13) !== HYPHEN) return false
  if (uuid.charCodeAt(18) !== HYPHEN || uuid.charCodeAt(23) !== HYPHEN) return false
  let seen = 0
  for (let i = 0; i < UUID_BYTES; i++) {
    const place = PLACES[i]!
    const first = uuid.charCodeAt(place)
    const second = uuid.charCodeAt(place + 1)
    if ((first | second) >= NO_DIGIT) return false
    const high = DIGITS[first]!
    const low = DIGITS[second]!
    seen |= high | low
    target[at + i] = (high << 4) | low
  }
  return seen < NO_DIGIT
}

/** Reads what {@link writeUuid} wrote. */
export function readUuid(source: Uint8Array, at: number): string {
  for (let i = 0; i < UUID_BYTES; i++) {
    const byte = source[at + i]!
    const place = PLACES[i]!
    text[place] = CHARACTERS[byte >>> 4]!
    text[place + 1] = CHARACTERS[byte & 0xf]!
  }
  return readText(text, 0, TEXT_LENGTH)
}
