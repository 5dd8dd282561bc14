import { hash } from 'node:crypto'

const CHUNK_BITS = 16
const CHUNK_ROWS = 1 << CHUNK_BITS

/** Numbers by row, in memory that grows by 65,536 rows and is never copied. */
class Column<T extends Uint8Array | Uint32Array | Int32Array | Float64Array> {
  readonly #chunks: T[] = []
  constructor(private readonly make: () => T) {}

  get bytes(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
  }

  get(row: number): number {
    return this.#chunks[row >>> CHUNK_BITS]![row & (CHUNK_ROWS - 1)]!
  }

  set(row: number, value: number): void {
    this.#chunks[row >>> CHUNK_BITS]![row & (CHUNK_ROWS - 1)] = value
  }

  reach(row: number): void {
    if (row >>> CHUNK_BITS === this.#chunks.length) this.#chunks.push(this.make())
  }
}

/**
 * What is known of every stream of a log, a row each.
 *
 * Memory: 29 bytes a stream, and 8 to 16 bytes to find it. The name itself is not kept: 64 bits of its SHA-1 stand for it. Two of
 * a million streams have the same ones with a chance of 1 in 37 million; they would be told as wrong versions.
 */
export class StreamTable {
  readonly #low = new Column(() => new Uint32Array(CHUNK_ROWS))
  readonly #high = new Column(() => new Uint32Array(CHUNK_ROWS))
  /** The version of the last event; -1 before the first. */
  readonly version: Column<Int32Array> = new Column(() => new Int32Array(CHUNK_ROWS).fill(-1))
  /** The version of the snapshot to compare; -1 for none. */
  readonly snapshot: Column<Int32Array> = new Column(() => new Int32Array(CHUNK_ROWS).fill(-1))
  /** 1 where the stream is folded no further. */
  readonly givenUp: Column<Uint8Array> = new Column(() => new Uint8Array(CHUNK_ROWS))
  /** Where its state lies in the scratch file, and how many bytes it has: 0 for none. */
  readonly stateAt: Column<Float64Array> = new Column(() => new Float64Array(CHUNK_ROWS))
  readonly stateBytes: Column<Uint32Array> = new Column(() => new Uint32Array(CHUNK_ROWS))
  readonly #columns = [
    this.#low,
    this.#high,
    this.version,
    this.snapshot,
    this.givenUp,
    this.stateAt,
    this.stateBytes,
  ] as const
  /** By the low half of the hash, with linear probing: the row + 1, or 0. */
  #places = new Int32Array(1 << 10)
  #rows = 0

  /** How many streams there are. */
  get size(): number {
    return this.#rows
  }

  /** What it takes of memory, in bytes. */
  get bytes(): number {
    return this.#columns.reduce((sum, column) => sum + column.bytes, this.#places.byteLength)
  }

  /** The row of a stream; a new one where it is met for the first time. */
  rowOf(stream: string): number {
    const digest = hash('sha1', stream, 'buffer')
    const low = digest.readUInt32LE(0)
    const high = digest.readUInt32LE(4)
    const mask = this.#places.length - 1
    for (let place = low & mask; ; place = (place + 1) & mask) {
      const row = this.#places[place]! - 1
      if (row < 0) return this.#add(low, high, place)
      if (this.#low.get(row) === low && this.#high.get(row) === high) return row
    }
  }

  /** A number of 0 to 1 that is the same in every run, and evenly spread over streams. */
  share(row: number): number {
    return this.#high.get(row) / 2 ** 32
  }

  #add(low: number, high: number, place: number): number {
    const row = this.#rows++
    for (const column of this.#columns) column.reach(row)
    this.#low.set(row, low)
    this.#high.set(row, high)
    this.#places[place] = row + 1
    if (this.#rows * 2 > this.#places.length) this.#widen()
    return row
  }

  #widen(): void {
    const places = new Int32Array(this.#places.length * 2)
    const mask = places.length - 1
    for (let row = 0; row < this.#rows; row++) {
      let place = this.#low.get(row) & mask
      while (places[place] !== 0) place = (place + 1) & mask
      places[place] = row + 1
    }
    this.#places = places
  }
}
