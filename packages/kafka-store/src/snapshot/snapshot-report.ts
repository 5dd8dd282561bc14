import { channel } from 'node:diagnostics_channel'

/** Something about the topic of snapshots that was left out: published on the channel `hindcast:kafka:snapshot-topic`. */
export interface SnapshotTopicDiagnostic {
  /** The topic of snapshots. */
  readonly topic: string
  /** `'ignored'`: a record that is no snapshot of this log. `'not-written'`, `'not-read'`: the brokers, or the topic's settings. */
  readonly kind: 'ignored' | 'not-written' | 'not-read'
  /** How many of this kind there were, this one included. */
  readonly count: number
  /** Why. */
  readonly reason: string
}

const snapshotTopic = channel('hindcast:kafka:snapshot-topic')

/** Counts what was left out, and says it: each on the diagnostics channel, the first of a kind as a process warning. */
export class SnapshotReport {
  private readonly counts = { ignored: 0, 'not-written': 0, 'not-read': 0 }

  constructor(private readonly topic: string) {}

  add(kind: SnapshotTopicDiagnostic['kind'], reason: string): void {
    const { topic } = this
    const count = ++this.counts[kind]
    if (count === 1)
      process.emitWarning(
        `topic "${topic}" of snapshots: ${reason}. Aggregates are loaded all the same, some of them from more events`,
        { code: 'HC_KAFKA_SNAPSHOTS' },
      )
    snapshotTopic.publish({ topic, kind, count, reason } satisfies SnapshotTopicDiagnostic)
  }
}
