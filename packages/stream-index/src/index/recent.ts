import type { StreamHead } from './stream-head.js'
import type { PartitionState } from './partition-state.js'

/** Heads of so many streams are remembered, about 3 MB. */
const MAX_HEADS = 16_384
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * What the last transaction of this handle left behind, so that the next one need not look it up. It holds only while
 * nobody else has written in between, see {@link continues}.
 */
export class Recent {
  readonly heads: Map<string, StreamHead> = new Map()
  readonly partitions: Map<number, PartitionState> = new Map()
  /** The greatest command id among those that are UUIDs; undefined when it is not known. */
  greatestCommand: string | undefined
  /** The command id that was last found to be new. */
  private newCommand: string | undefined
  /** The number of the last commit that these values include. */
  private commit = -1
  private work = -1

  /**
   * True when nobody wrote between the last transaction of this handle and this one: no other process (LMDB numbers its
   * commits), and no other work of this process (two of them may be in one transaction of LMDB).
   *
   * @param transaction - the number that the transaction will have when it is committed
   */
  continues(transaction: number, work: number): boolean {
    const known = transaction === this.commit + 1 && work === this.work + 1
    if (!known) this.forget()
    return known
  }

  /**
   * Says which transaction the values are of.
   *
   * @param wrote - a transaction that wrote nothing does not use up its number: the next one, perhaps of another process,
   *   gets it
   */
  settle(transaction: number, work: number, wrote: boolean): void {
    this.commit = wrote ? transaction : transaction - 1
    this.work = work
    while (this.heads.size > MAX_HEADS) this.heads.delete(this.heads.keys().next().value!)
  }

  /** Forgets everything: the next transaction looks things up. */
  forget(): void {
    this.heads.clear()
    this.partitions.clear()
    this.greatestCommand = undefined
    this.newCommand = undefined
    this.commit = -1
  }

  /** True when the command id was certainly never written: it is a UUID above all others. Ids of version 7 mostly are. */
  isNew(commandId: string): boolean {
    const known = this.greatestCommand
    if (known === undefined || commandId <= known || !UUID.test(commandId)) return false
    this.newCommand = commandId
    return true
  }

  /** Takes note of a command id that was written. */
  saw(commandId: string): void {
    if (commandId === this.newCommand || this.isNew(commandId)) this.greatestCommand = commandId
  }

  /** Takes the last id in the table of commands: UUIDs come behind all others. */
  learnGreatest(last: string | undefined): void {
    if (last !== undefined && UUID.test(last)) this.greatestCommand = last
  }
}
