const CHUNK_BYTES = 65_536

/** Keeps bytes for as long as somebody refers to them, many values in one piece of memory. */
export class Arena {
  private chunk: Buffer = Buffer.alloc(0)
  private used = 0

  /** Where the bytes of the last {@link keep} or {@link reserve} begin in {@link buffer}. */
  at = 0

  /** The memory that holds them. */
  get buffer(): Buffer {
    return this.chunk
  }

  /** Makes room for bytes, at {@link at}: nobody else is given it. */
  reserve(length: number): void {
    if (this.used + length > this.chunk.length) {
      this.chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, length))
      this.used = 0
    }
    this.at = this.used
    this.used += length
  }

  /** Copies bytes in. */
  keep(bytes: Uint8Array, length: number): void {
    this.reserve(length)
    this.chunk.set(bytes.subarray(0, length), this.at)
  }
}
