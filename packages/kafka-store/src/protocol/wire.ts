/** Writes the primitive types of Kafka's protocol. */
export class WireWriter {
  private readonly parts: Buffer[] = []

  int8(value: number): this {
    return this.add(1, bytes => bytes.writeInt8(value))
  }

  int16(value: number): this {
    return this.add(2, bytes => bytes.writeInt16BE(value))
  }

  int32(value: number): this {
    return this.add(4, bytes => bytes.writeInt32BE(value))
  }

  int64(value: number): this {
    return this.add(8, bytes => bytes.writeBigInt64BE(BigInt(value)))
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1)
    const bytes = Buffer.from(value)
    return this.int16(bytes.length).raw(bytes)
  }

  bytes(value: Buffer): this {
    return this.int32(value.length).raw(value)
  }

  raw(value: Buffer): this {
    this.parts.push(value)
    return this
  }

  end(): Buffer {
    return Buffer.concat(this.parts)
  }

  private add(length: number, write: (bytes: Buffer) => void): this {
    const bytes = Buffer.allocUnsafe(length)
    write(bytes)
    this.parts.push(bytes)
    return this
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
