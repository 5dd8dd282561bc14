import { CommandIdReusedError, PartitionKeyChangedError, type AppendResult } from '@hindcast/core'
import type { IndexTransaction, StreamIndex } from '@hindcast/stream-index'
import { notWritten, overdue, unknown } from './append-failure.js'
import { CommitPlaceChooser } from './commit-place.js'
import { decideAppend } from './decide-append.js'
import type { PendingAppend } from './pending-append.js'

/** A group ends after so many appends or bytes, so that a transaction stays a matter of milliseconds. */
const GROUP_APPENDS = 4096
const GROUP_BYTES = 8 * 1_048_576
/** Overdue appends are looked for so many times in the time that they have. */
const CHECKS = 4

type Outcome = { readonly result: AppendResult } | { readonly error: unknown } | undefined

/**
 * Group commit: while one transaction is on its way to the disk, appends queue; the next transaction decides and writes all
 * of them, in order. One fsync serves the whole group.
 */
export class AppendQueue {
  private waiting: PendingAppend[] = []
  private group: readonly PendingAppend[] = []
  private readonly places: CommitPlaceChooser
  private pumping: Promise<void> | undefined

  constructor(
    private readonly index: StreamIndex,
    private readonly timeoutMs: number,
  ) {
    this.places = new CommitPlaceChooser(index)
  }

  /** Queues an append; its promise is settled when it is on disk, refused, or given up. */
  add(append: PendingAppend): void {
    this.waiting.push(append)
    this.pumping ??= this.pump()
  }

  /** Resolves when every append that was queued has its answer. */
  async drain(): Promise<void> {
    while (this.pumping) await this.pumping
  }

  private async pump(): Promise<void> {
    const timer = setInterval(() => this.giveUpOverdue(), this.timeoutMs / CHECKS)
    // Appends that are called in the same turn of the event loop, also from other sockets, join the first group.
    await new Promise(resolve => setImmediate(resolve))
    while (this.waiting.length > 0) await this.commit((this.group = this.takeGroup()))
    this.group = []
    clearInterval(timer)
    this.pumping = undefined
  }

  private takeGroup(): PendingAppend[] {
    let bytes = 0
    let count = 0
    while (count < this.waiting.length && count < GROUP_APPENDS && bytes < GROUP_BYTES)
      bytes += this.waiting[count++]!.bytes
    if (count < this.waiting.length) return this.waiting.splice(0, count)
    const all = this.waiting
    this.waiting = []
    return all
  }

  private async commit(group: readonly PendingAppend[]): Promise<void> {
    try {
      const outcomes = await this.places.timed((place, decided) =>
        this.index.write(transaction => {
          const answers = group.map(append => this.decide(transaction, append))
          decided()
          return answers
        }, place),
      )
      group.forEach((append, i) => settle(append, outcomes[i]))
    } catch (error) {
      this.places.failed()
      await this.settleFailed(group, error)
    }
  }

  private decide(transaction: IndexTransaction, append: PendingAppend): Outcome {
    if (append.state === 'answered') return undefined
    append.state = 'written'
    try {
      return { result: decideAppend(transaction, this.index.logId, append) }
    } catch (error) {
      // A refusal is this append's own, and comes before anything of it is written. Anything else ends the transaction.
      if (!(error instanceof CommandIdReusedError || error instanceof PartitionKeyChangedError)) throw error
      return { error }
    }
  }

  /**
   * A commit that failed left nothing behind, as long as LMDB goes on working after it; when it refuses to (its meta page
   * could not be written), nobody knows.
   */
  private async settleFailed(group: readonly PendingAppend[], cause: unknown): Promise<void> {
    const works = await this.index.write(() => true).catch(() => false)
    for (const append of group)
      settle(append, { error: works ? notWritten(append, cause) : unknown(append, this.timeoutMs, cause) })
  }

  private giveUpOverdue(): void {
    const latest = performance.now() - this.timeoutMs
    for (const append of [...this.group, ...this.waiting])
      if (append.since <= latest && append.state !== 'answered')
        settle(append, {
          error: (append.state === 'written' ? unknown : overdue)(append, this.timeoutMs),
        })
  }
}

function settle(append: PendingAppend, outcome: Outcome): void {
  if (append.state === 'answered' || !outcome) return
  append.state = 'answered'
  if ('result' in outcome) append.answers.resolve(outcome.result)
  else append.answers.reject(outcome.error)
}
