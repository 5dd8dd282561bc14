import { LogIntegrityError } from '@hindcast/core'
import type { AppendNotes, AppliedRun } from '../index/placed-append.js'
import { BATCH } from '../record/batch-layout.js'
import type { BatchEncoder, BatchHead } from '../record/batch-encoder.js'
import type { LogRecord } from '../record/log-record.js'
import type { RecordBatch } from '../record/record-batch.js'
import { RecordRun } from '../record/record-run.js'
import type { LogState } from '../validity/log-state.js'
import { LAST_EPOCH, RESERVED_PRODUCER } from '../validity/reserved-producer.js'
import type { Group } from './append-queue.js'

/** What became of a batch. */
export type Outcome =
  /** It is in the log, valid. */
  | { readonly kind: 'committed'; readonly baseOffset: number }
  /** Another batch stands in its place: it will never be valid, whatever becomes of it. */
  | { readonly kind: 'lost' }
  /** It certainly reached no broker. */
  | { readonly kind: 'unsent' }
  /** The broker refused it, nothing was written. */
  | { readonly kind: 'refused'; readonly errorCode: number }

/** A batch on its way: the bytes stay the same from the first try to the last. */
export class OpenBatch {
  outcome: Outcome | undefined
  /** True when a try of it may have been written. */
  maybeWritten = false
  bytes: Buffer
  head: BatchHead
  private raised = false
  private readonly checksums = new Set<number>()
  private settled: (() => void)[] = []

  /** @param state - what the appends were decided on */
  constructor(
    private readonly encoder: BatchEncoder,
    private readonly partition: number,
    readonly group: Group,
    readonly state: LogState,
  ) {
    const { epoch, sequence, timestamp } = state
    this.head = {
      producerId: RESERVED_PRODUCER,
      epoch,
      sequence,
      timestamp: Math.max(Date.now(), timestamp, 1),
    }
    this.bytes = this.encode()
  }

  /** How many records it has. */
  get count(): number {
    return this.group.events
  }

  /** The checksum of its bytes, which the log keeps. */
  get crc(): number {
    return this.bytes.readUInt32BE(BATCH.crc)
  }

  /**
   * Gives it the next epoch, in which sequences begin at 0; once.
   *
   * @returns false when that was done before
   * @throws LogIntegrityError when there is no further epoch
   */
  raiseEpoch(): boolean {
    if (this.raised) return false
    this.raised = true
    if (this.head.epoch >= LAST_EPOCH)
      throw new LogIntegrityError(
        'somebody wrote with the last producer epoch that there is. Copy the log to a new topic',
        {
          epoch: this.head.epoch,
        },
      )
    this.head = { ...this.head, epoch: this.head.epoch + 1, sequence: 0 }
    this.bytes = this.encode()
    return true
  }

  /** What stands in the log, when it stands at this offset. */
  applied(baseOffset: number): AppliedRun {
    const { group, count } = this
    const { pending } = group
    // The encoder's memory is used again for the next batch.
    const bytes = Buffer.allocUnsafeSlow(this.bytes.length - BATCH.records)
    this.bytes.copy(bytes, 0, BATCH.records)
    return {
      run: new RecordRun(this.partition, baseOffset, baseOffset, count, bytes, 0, bytes.length),
      time: pending[pending.length - 1]!.time,
      note: notes => this.note(notes, baseOffset),
    }
  }

  /** Answers its appends, which stand in the log from this offset on. */
  answer(logId: string, baseOffset: number): void {
    let offset = baseOffset
    const { pending } = this.group
    for (let i = 0; i < pending.length; i++) {
      pending[i]!.appended(logId, offset)
      offset += pending[i]!.events
    }
  }

  /** Decides the outcome by a reserved-id batch that was read behind {@link state}: the first one is this batch, or has beaten it. */
  meet(batch: RecordBatch, records: readonly LogRecord[] | undefined): void {
    if (this.outcome) return
    const ours = records !== undefined && this.checksums.has(batch.crc) && this.hasIdsOf(records)
    this.settle(ours ? { kind: 'committed', baseOffset: batch.baseOffset } : { kind: 'lost' })
  }

  /** Ends the waiting for its outcome. */
  settle(outcome: Outcome): void {
    this.outcome ??= outcome
    const { settled } = this
    this.settled = []
    for (const resolve of settled) resolve()
  }

  /** Resolves when there is an outcome. */
  async whenSettled(): Promise<void> {
    if (!this.outcome) await new Promise<void>(resolve => this.settled.push(resolve))
  }

  private encode(): Buffer {
    const { encoder } = this
    encoder.begin()
    for (const append of this.group.pending) encoder.add(append, this.state.lastReserved)
    const bytes = encoder.end(this.head)
    this.checksums.add(bytes.readUInt32BE(BATCH.crc))
    return bytes
  }

  private note(notes: AppendNotes, baseOffset: number): void {
    let offset = baseOffset
    const { pending } = this.group
    for (let i = 0; i < pending.length; i++) {
      const { commandId, commandHash, writes, versions } = pending[i]!
      notes.append(commandId, commandHash, offset)
      for (let w = 0; w < writes.length; w++) {
        const { stream, events } = writes[w]!
        const version = versions[w]!
        notes.write(stream, offset, version - events.length + 1, version, events[events.length - 1]!.id)
        offset += events.length
      }
    }
  }

  private hasIdsOf(records: readonly LogRecord[]): boolean {
    if (records.length !== this.count) return false
    let i = 0
    for (const { writes } of this.group.pending)
      for (const { events } of writes) for (const { id } of events) if (records[i++]!.id !== id) return false
    return true
  }
}
