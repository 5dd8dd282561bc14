import { channel } from 'node:diagnostics_channel'

/** A batch that never happened, or records of somebody else: published on the channel `hindcast:kafka:skipped`. */
export interface SkippedRecords {
  /** The topic. */
  readonly topic: string
  /** The partition. */
  readonly partition: number
  /** The first and the last offset. */
  readonly from: number
  /** Behind the last record. */
  readonly to: number
  /** `'void'`: written by the protocol's producer in the wrong place. `'foreign'`: somebody else's. */
  readonly kind: 'void' | 'foreign'
  /** Why it is no event. */
  readonly reason: string
}

const skipped = channel('hindcast:kafka:skipped')

/** Counts what a reader skipped, and says it: each on the diagnostics channel, the first of a kind as a process warning. */
export class SkipReport {
  private readonly counts = { void: 0, foreign: 0 }

  constructor(private readonly topic: string) {}

  /** How many batches were skipped, by kind. */
  get skipped(): { readonly void: number; readonly foreign: number } {
    return this.counts
  }

  add(record: Omit<SkippedRecords, 'topic'>): void {
    const { kind, partition, from, to, reason } = record
    if (this.counts[kind]++ === 0)
      process.emitWarning(
        `topic "${this.topic}", partition ${partition}, offsets ${from} to ${to}: ${reason}. The records are skipped by every reader`,
        { code: kind === 'void' ? 'HC_KAFKA_VOID' : 'HC_KAFKA_FOREIGN' },
      )
    skipped.publish({ topic: this.topic, ...record } satisfies SkippedRecords)
  }
}
