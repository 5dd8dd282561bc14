/** Places for each id: a quarter is used at most, so that a look-up is one step or two. */
const PLACES_PER_ID = 4

/** Hashes of ids, in one piece of memory that holds no texts: a set of texts costs more to collect than to ask. */
export class IdHashes {
  /** How many there are; ids with the same hash count as one. */
  size = 0
  private readonly places: Int32Array
  private readonly mask: number

  /** @param most - so many fit; a power of two */
  constructor(readonly most: number) {
    this.places = new Int32Array(most * PLACES_PER_ID)
    this.mask = this.places.length - 1
  }

  /** False when no id with this hash was added. @param hash - not 0, which is a free place */
  has(hash: number): boolean {
    return this.places[this.placeOf(hash)] === hash
  }

  /** Adds an id's hash. @returns false when it was there */
  add(hash: number): boolean {
    const place = this.placeOf(hash)
    if (this.places[place] === hash) return false
    this.places[place] = hash
    this.size++
    return true
  }

  clear(): void {
    if (this.size > 0) this.places.fill(0)
    this.size = 0
  }

  /** Where the hash is, or else a free place for it. */
  private placeOf(hash: number): number {
    let place = hash & this.mask
    while (this.places[place] !== 0 && this.places[place] !== hash) place = (place + 1) & this.mask
    return place
  }
}
