import { LogIntegrityError } from '@hindcast/core'
import type { LogRecord } from '../record/log-record.js'
import type { RecordBatch } from '../record/record-batch.js'
import { LOG_FORMAT } from '../validity/genesis.js'
import { judgeBatch, stateBehind, type Verdict } from '../validity/judge-batch.js'
import type { LogState } from '../validity/log-state.js'
import type { SkipReport } from './report.js'
import { LogIsACopyError, NewerLogError } from './errors.js'

/** Where what was read goes. */
export interface RecordSink {
  /** Moves a partition over the events of a batch of whole appends, or over one whose records are no events. */
  add(partition: number, events: readonly LogRecord[], state: LogState, batch: RecordBatch): void
  /** Resolves when more may come. */
  room(): Promise<void>
}

/** Told of every reserved-id batch that is applied: it decides what became of an append whose answer is not known. */
export type ReservedListener = (batch: RecordBatch, records: readonly LogRecord[] | undefined) => void

/**
 * A partition as this process has applied it. Batches come from fetches, and from the process's own appends, which need not
 * be fetched; each is applied once, in the order of the log.
 */
export class PartitionLog {
  /** After everything that was applied. */
  state: LogState
  /** Told of every reserved-id batch that was fetched. */
  onReserved: ReservedListener = () => undefined
  private readonly listeners = new Set<() => void>()
  private failed: Error | undefined

  constructor(
    readonly partition: number,
    state: LogState,
    private readonly sink: RecordSink,
    private readonly report: Pick<SkipReport, 'add'>,
  ) {
    this.state = state
  }

  /** Resolves when more may be applied. */
  room(): Promise<void> {
    return this.sink.room()
  }

  /** Applies what a fetch returned; what was applied before is left out. */
  apply(batches: readonly RecordBatch[]): void {
    const before = this.state.next
    for (const batch of batches) if (batch.lastOffset >= this.state.next) this.applyBatch(batch)
    if (this.state.next !== before) this.changed()
  }

  /** Moves over appends of this process that were written as they were decided; the index has them already. */
  moveTo(state: LogState): void {
    this.state = state
    this.changed()
  }

  /** Why nothing more is applied: the log cannot be trusted. */
  get failure(): Error | undefined {
    return this.failed
  }

  /** Ends the reading, for good; who waits for more is told. */
  fail(error: Error): void {
    this.failed ??= error
    this.changed()
  }

  /** Calls back after every move, and at the end. @returns ends it */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private applyBatch(batch: RecordBatch): void {
    const verdict = judgeBatch(this.state, batch)
    if (verdict.kind === 'void' || verdict.kind === 'genesis' || verdict.kind === 'valid') batch.checkCrc()
    this.refuse(verdict)
    const state = stateBehind(this.state, batch, verdict)
    const records = verdict.kind === 'valid' ? verdict.records : undefined
    this.sink.add(this.partition, records ?? [], state, batch)
    this.state = state
    this.tell(batch, verdict)
    if (state.lastReserved === batch.lastOffset) this.onReserved(batch, records)
  }

  private refuse(verdict: Verdict): void {
    if (verdict.kind === 'copy') throw new LogIsACopyError(verdict.genesis.logId)
    if (verdict.kind === 'genesis' && verdict.genesis.format > LOG_FORMAT)
      throw new NewerLogError(verdict.genesis.format, LOG_FORMAT)
  }

  private tell(batch: RecordBatch, verdict: Verdict): void {
    if (verdict.kind !== 'void' && (verdict.kind !== 'foreign' || batch.isControl)) return
    this.report.add({
      partition: this.partition,
      from: batch.baseOffset,
      to: batch.lastOffset,
      kind: verdict.kind,
      reason: verdict.kind === 'void' ? verdict.reason : 'they were not written by this library',
    })
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener()
  }
}

/** A log that is shorter than what was read of it. */
export function shrunkLog(topic: string, partition: number, known: number, end: number): LogIntegrityError {
  return new LogIntegrityError(
    `partition ${partition} of topic "${topic}" ends at offset ${end}, but offset ${known} was reached before: acknowledged events are gone ` +
      '(an unclean leader election, lost disks, or the topic was made again). Restore the topic; to go on without those events, delete the index folder',
    { partition, known, end },
  )
}

/** A log whose beginning is gone. */
export function cutLog(topic: string, partition: number, missing: number): LogIntegrityError {
  return new LogIntegrityError(
    `partition ${partition} of topic "${topic}" no longer has offset ${missing}: older events were deleted. Set retention.ms=-1, retention.bytes=-1 and cleanup.policy=delete, and restore the topic from a copy`,
    { partition, missing },
  )
}
