/**
 * The value of a stream's head: where it stands, and the places of its last writes. The places of those before lie in pages,
 * of {@link PLACES_PER_PAGE} each, under the version that each page begins with.
 *
 * ```
 * 0  u16 partition   2  u48 version   8  u48 the first version that is in no page   14 places, 8 bytes each:
 *                                                         u48 the first offset of the log entry, u16 records before it there
 * ```
 */
export const HEAD = { partition: 0, version: 2, unpagedFrom: 8, places: 14 } as const
export const PLACE_BYTES = 8
export const PLACES_PER_PAGE = 64

/** Where a stream stands, as the index's file says it. */
export class StoredHead {
  readonly partition: number
  readonly version: number
  /** The first version that is in no page. */
  readonly unpagedFrom: number
  /** At least one. */
  readonly places: readonly Place[]

  constructor(bytes: Buffer) {
    this.partition = bytes.readUInt16LE(HEAD.partition)
    this.version = bytes.readUIntLE(HEAD.version, 6)
    this.unpagedFrom = bytes.readUIntLE(HEAD.unpagedFrom, 6)
    this.places = decodePlaces(bytes, HEAD.places, bytes.length)
  }
}

/** Where a write, or an append, begins. */
export interface Place {
  /** The first offset of its log entry. */
  readonly chunk: number
  /** The offset of its first event. */
  readonly offset: number
}

/** Writes a place. @returns where it ends */
export function writePlace(target: Buffer, { chunk, offset }: Place, at: number): number {
  return target.writeUInt16LE(offset - chunk, target.writeUIntLE(chunk, at, 6))
}

/** Reads what {@link writePlace} wrote. */
export function readPlace(bytes: Buffer, at: number): Place {
  const chunk = bytes.readUIntLE(at, 6)
  return { chunk, offset: chunk + bytes.readUInt16LE(at + 6) }
}

/** Reads places that stand side by side. */
export function decodePlaces(bytes: Buffer, start: number, end: number): Place[] {
  const places: Place[] = []
  for (let at = start; at < end; at += PLACE_BYTES) places.push(readPlace(bytes, at))
  return places
}
