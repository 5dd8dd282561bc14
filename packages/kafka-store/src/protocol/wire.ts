/** Enough for all of a request but its record batches. */
const FIRST_BYTES = 256
/** From so many bytes on, a piece is handed over as it is; a shorter one is copied. */
const OWN_PIECE = 1024

/** Writes the primitive types of Kafka's protocol. */
export class WireWriter {
  private readonly pieces: Buffer[] = []
  private buffer = Buffer.allocUnsafe(FIRST_BYTES)
  /** What is written from here to {@link at} is in no piece yet. */
  private start = 0
  private at = 0

  int8(value: number): this {
    this.reserve(1)
    this.at = this.buffer.writeInt8(value, this.at)
    return this
  }

  int16(value: number): this {
    this.reserve(2)
    this.at = this.buffer.writeInt16BE(value, this.at)
    return this
  }

  int32(value: number): this {
    this.reserve(4)
    this.at = this.buffer.writeInt32BE(value, this.at)
    return this
  }

  int64(value: number): this {
    this.reserve(8)
    this.at = this.buffer.writeBigInt64BE(BigInt(value), this.at)
    return this
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1)
    const bytes = Buffer.from(value)
    return this.int16(bytes.length).raw(bytes)
  }

  bytes(value: Buffer): this {
    return this.int32(value.length).raw(value)
  }

  /** @param value - long ones are not copied: they stay as they are until the request is sent */
  raw(value: Buffer): this {
    if (value.length < OWN_PIECE) {
      this.reserve(value.length)
      this.at += value.copy(this.buffer, this.at)
    } else {
      this.endPiece()
      this.pieces.push(value)
    }
    return this
  }

  /** All that was written, in pieces that follow each other. */
  end(): readonly Buffer[] {
    this.endPiece()
    return this.pieces
  }

  private endPiece(): void {
    if (this.at > this.start) this.pieces.push(this.buffer.subarray(this.start, this.at))
    this.start = this.at
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return
    this.endPiece()
    this.buffer = Buffer.allocUnsafe(Math.max(FIRST_BYTES, bytes))
    this.start = this.at = 0
  }
}

/** Reads the primitive types of Kafka's protocol. */
export class WireReader {
  /** How long the broker asks its client to be quiet. */
  throttleMs = 0
  private at = 0

  constructor(private readonly source: Buffer) {}

  int8(): number {
    return this.source.readInt8(this.move(1))
  }

  int16(): number {
    return this.source.readInt16BE(this.move(2))
  }

  int32(): number {
    return this.source.readInt32BE(this.move(4))
  }

  int64(): number {
    return Number(this.source.readBigInt64BE(this.move(8)))
  }

  string(): string | null {
    const length = this.int16()
    if (length < 0) return null
    const start = this.move(length)
    return this.source.toString('utf8', start, start + length)
  }

  bytes(): Buffer {
    const length = Math.max(this.int32(), 0)
    const start = this.move(length)
    return this.source.subarray(start, start + length)
  }

  array<T>(read: () => T): T[] {
    const length = this.int32()
    const values: T[] = []
    for (let i = 0; i < length; i++) values.push(read())
    return values
  }

  private move(length: number): number {
    const start = this.at
    this.at += length
    return start
  }
}
