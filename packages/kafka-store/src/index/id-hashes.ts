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

  /** False when the id was certainly not added; true also for another one with its hash, one in hundreds of thousands. */
  mayHave(id: string): boolean {
    const hash = hashOf(id)
    return this.places[this.placeOf(hash)] === hash
  }

  add(id: string): void {
    const hash = hashOf(id)
    const place = this.placeOf(hash)
    if (this.places[place] === hash) return
    this.places[place] = hash
    this.size++
  }

  /** Where the hash is, or else a free place for it. */
  private placeOf(hash: number): number {
    let place = hash & this.mask
    while (this.places[place] !== 0 && this.places[place] !== hash) place = (place + 1) & this.mask
    return place
  }
}

/** Never 0, which is a free place. */
function hashOf(id: string): number {
  let hash = 0
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x5bd1e995)
  return hash ^ (hash >>> 15) || 1
}
