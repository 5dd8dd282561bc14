/** Writes a signed varint (zigzag, base 128) and returns where it ends. */
export function writeVarint(target: Uint8Array, value: number, at: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0
  while (rest > 0x7f) {
    target[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  target[at++] = rest
  return at
}

/** How many bytes {@link writeVarint} takes. */
export function varintBytes(value: number): number {
  const rest = ((value << 1) ^ (value >> 31)) >>> 0
  return rest < 0x80 ? 1 : rest < 0x4000 ? 2 : rest < 0x20_0000 ? 3 : rest < 0x1000_0000 ? 4 : 5
}

/** Reads varints one after the other. */
export class VarintReader {
  /** Where the next one begins. */
  at: number

  constructor(
    private readonly bytes: Uint8Array,
    at: number,
  ) {
    this.at = at
  }

  /** The next signed varint of up to 32 bits. */
  next(): number {
    let value = 0
    let shift = 0
    let byte: number
    do {
      byte = this.bytes[this.at++]!
      value |= (byte & 0x7f) << shift
      shift += 7
    } while (byte > 0x7f)
    return (value >>> 1) ^ -(value & 1)
  }

  /** Moves over a varint of up to 64 bits. */
  skip(): void {
    while (this.bytes[this.at++]! > 0x7f);
  }
}
