import { IdHashes } from './id-hashes.js'

/** So many are remembered for certain, at most twice as many are; half a megabyte. */
const SIZE = 16_384
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * Tells of most command ids that they are new without a look into the file: UUIDs of version 7 grow with time, so one that
 * is above all but the latest, and has the hash of none of these, was never used. Never wrong, since nobody but its process
 * writes to an index.
 */
export class KnownCommands {
  private young = new IdHashes(SIZE)
  private old = new IdHashes(SIZE)
  private greatestYoung = ''
  private greatestOld = ''
  /** No UUID above it was used, but for those remembered. */
  private greatest: string

  /** @param last - the greatest UUID in use; undefined when there is none */
  constructor(last: string | undefined) {
    this.greatest = last !== undefined && UUID.test(last) ? last : ''
  }

  /** True when the id was certainly never used. */
  isNew(commandId: string): boolean {
    return (
      commandId > this.greatest &&
      !this.young.mayHave(commandId) &&
      !this.old.mayHave(commandId) &&
      UUID.test(commandId)
    )
  }

  /** Takes note of an id that is used. */
  add(commandId: string): void {
    if (commandId <= this.greatest || !UUID.test(commandId)) return
    if (this.young.size >= this.young.most) {
      if (this.greatestOld > this.greatest) this.greatest = this.greatestOld
      this.old = this.young
      this.greatestOld = this.greatestYoung
      this.young = new IdHashes(SIZE)
      this.greatestYoung = ''
    }
    this.young.add(commandId)
    if (commandId > this.greatestYoung) this.greatestYoung = commandId
  }
}
