import { commandHash } from './command-hash.js'
import { IdHashes } from './id-hashes.js'

/** So many are remembered for certain, at most twice as many are; half a megabyte. */
const SIZE = 16_384

/**
 * Tells of most command ids that they are new without looking for them: UUIDs of version 7 grow with time, so one that is
 * above all but the latest, and has the hash of none of these, was never used. Never wrong, since nobody but its process
 * writes to an index.
 */
export class KnownCommands {
  private young = new IdHashes(SIZE)
  private old = new IdHashes(SIZE)
  private greatestYoung = ''
  private greatestOld = ''

  /** @param greatest - no UUID of version 7 above it was used, but for those that are added; empty: none at all */
  constructor(private greatest: string) {}

  /** True when the id was certainly never used. @param hash - of it, see {@link commandHash} */
  isNew(commandId: string, hash: number = commandHash(commandId)): boolean {
    return hash !== 0 && commandId > this.greatest && !this.isRemembered(hash)
  }

  /** True when one of the latest ids has this hash. */
  isRemembered(hash: number): boolean {
    return this.young.has(hash) || this.old.has(hash)
  }

  /** Takes note of an id that is used. */
  add(commandId: string, hash: number = commandHash(commandId)): void {
    if (hash === 0 || commandId <= this.greatest) return
    if (this.young.size >= this.young.most) this.age()
    this.young.add(hash)
    if (commandId > this.greatestYoung) this.greatestYoung = commandId
  }

  private age(): void {
    if (this.greatestOld > this.greatest) this.greatest = this.greatestOld
    const { old } = this
    this.old = this.young
    this.greatestOld = this.greatestYoung
    old.clear()
    this.young = old
    this.greatestYoung = ''
  }
}
