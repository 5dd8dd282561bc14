const TEXT_LENGTH = 36
const DIGIT = 1
const HYPHEN = 2
/** Of a UUID's text, in small letters. */
const KIND_AT = Uint8Array.from('hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh', kind =>
  kind === '-' ? HYPHEN : DIGIT,
)
const KIND_OF = new Uint8Array(128)
for (const digit of '0123456789abcdef') KIND_OF[digit.charCodeAt(0)] = DIGIT
KIND_OF[0x2d] = HYPHEN
const VERSION_AT = 14
const VERSION_7 = 0x37

/**
 * The hash of a command id that is a UUID of version 7 in small letters: such ids grow with time. 0 for every other text.
 */
export function commandHash(commandId: string): number {
  if (commandId.length !== TEXT_LENGTH || commandId.charCodeAt(VERSION_AT) !== VERSION_7) return 0
  let hash = 0
  let wrong = 0
  for (let i = 0; i < TEXT_LENGTH; i++) {
    const character = commandId.charCodeAt(i)
    wrong |= (KIND_OF[character & 0x7f]! ^ KIND_AT[i]!) | (character >>> 7)
    hash = Math.imul(hash ^ character, 0x5bd1e995)
  }
  return wrong === 0 ? hash ^ (hash >>> 15) || 1 : 0
}
