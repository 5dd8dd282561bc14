import { LogIntegrityError, StoreClosedError } from '@hindcast/core'
import { IdHashes } from '../index/id-hashes.js'
import { KAFKA_ERROR } from '../protocol/error-codes.js'
import { moment, type Moment, type PartitionReader } from '../read/partition-reader.js'
import { BatchEncoder } from '../record/batch-encoder.js'
import { AppendQueue } from './append-queue.js'
import { BackOff } from './back-off.js'
import { BatchSender } from './batch-sender.js'
import { Decider } from './decider.js'
import { AppendRefusedError } from './errors.js'
import { notSent, outcomeUnknown } from './given-up.js'
import { GroupSize } from './group-size.js'
import { OpenBatch, type Outcome } from './open-batch.js'
import type { PendingAppend } from './pending-append.js'
import type { WriterSetting } from './writer-setting.js'

const DRAIN_LOOK_MS = 20
/** At least as many as a batch has appends. */
const MOST_IDS = 1024
/** Overdue appends are looked for so many times in the time that they have. */
const CHECKS = 16

/**
 * Appends to one partition. Its states, one at a time:
 *
 * - `idle`: nothing is queued. Left by `add`.
 * - `deciding`: takes appends off the queue and decides each on what is applied. With nothing for a batch, but refusals that
 *   are not yet proven, it goes to `catching up`; else to `sending`.
 * - `catching up`: reads to the end of the partition; entered also when the last proof of the end is older than
 *   `maxStalenessMs`. Back to `deciding`.
 * - `sending`: ONE batch is open and on its way (BatchSender); what comes meanwhile queues (group commit). Left when its
 *   outcome is known. Appends that are overdue until then are answered with AppendOutcomeUnknownError, those queued behind
 *   them with AppendNotSentError; the sending goes on.
 * - `failed`: the log cannot be trusted. For good; every append is refused with the reason.
 *
 * More than one batch on its way would make `ce_after` a guess: a foreign record can slip in between and void the second.
 */
export class PartitionWriter {
  private readonly queue = new AppendQueue()
  private readonly size = new GroupSize()
  /** Of the command ids in a batch. */
  private readonly hashes = new IdHashes(MOST_IDS)
  private readonly backOff: BackOff
  private readonly sender: BatchSender
  private readonly encoder: BatchEncoder
  private readonly partition: number
  private open: OpenBatch | undefined
  private running: Promise<void> | undefined
  private failure: Error | undefined

  constructor(
    private readonly reader: PartitionReader,
    private readonly setting: WriterSetting,
  ) {
    this.partition = reader.log.partition
    this.backOff = new BackOff(setting.life)
    this.sender = new BatchSender(reader, setting, this.backOff)
    this.encoder = new BatchEncoder(setting.index.logId)
  }

  /** Queues an append; its promise is settled when it is committed, refused, or given up. */
  add(append: PendingAppend): void {
    if (this.failure) return append.refuse(this.failure)
    this.queue.add(append)
    this.running ??= this.run()
  }

  /** Resolves when every append that was queued has its answer. */
  async drain(): Promise<void> {
    while (this.inBatch().length + this.queue.unanswered().length > 0)
      await Promise.race([this.running, this.setting.life.pause(DRAIN_LOOK_MS)])
  }

  /** Resolves when no batch is on its way. */
  async whenSettled(): Promise<void> {
    await this.open?.whenSettled()
  }

  /** Ends the writer, for good: the log cannot be trusted. */
  fail(error: Error): void {
    this.failure ??= error
    this.giveUpAll(error)
  }

  private async run(): Promise<void> {
    const timer = setInterval(() => this.giveUpOverdue(), this.setting.appendTimeoutMs / CHECKS)
    try {
      for (;;) {
        // Appends that are called in the same turn of the event loop, also in answer to the last batch, join the next one.
        await new Promise(resolve => setImmediate(resolve))
        if (this.queue.isEmpty || this.setting.life.isOver || this.failure) break
        await this.turn()
      }
    } catch (error) {
      this.fail(error as Error)
      if (!this.setting.life.isOver) this.reader.log.fail(error as Error)
    } finally {
      clearInterval(timer)
      this.running = undefined
      if (this.setting.life.isOver) this.giveUpAll(new StoreClosedError('an append'))
    }
  }

  private async turn(): Promise<void> {
    const { index } = this.setting
    if (index.failure) this.sender.trouble = index.failure.message
    if (index.failure instanceof LogIntegrityError) throw index.failure
    if (index.isFull) await index.room()
    if (this.isStale()) await this.reader.toEnd()
    const { batch, unproven } = this.decide()
    if (batch) await this.send(batch)
    if (unproven && batch?.outcome?.kind !== 'committed') await this.reader.toEnd()
  }

  private decide(): { batch: OpenBatch | undefined; unproven: boolean } {
    const { state } = this.reader.log
    this.hashes.clear()
    const decider = new Decider(
      this.setting.index,
      this.partition,
      state.sequence,
      this.size.maxBytes,
      this.hashes,
    )
    const taken = this.queue.take(decider, this.reader.proven.monotonic)
    const batch = taken.events > 0 ? new OpenBatch(this.encoder, this.partition, taken, state) : undefined
    return { batch, unproven: taken.unproven }
  }

  private async send(batch: OpenBatch): Promise<void> {
    const sentAt = moment()
    this.open = batch
    await this.sender.send(batch)
    const overdue = batch.outcome ? [] : this.inBatch()
    this.open = undefined
    if (batch.outcome) await this.conclude(batch, batch.outcome, sentAt)
    for (const append of overdue) append.refuse(this.unknown(append))
  }

  private async conclude(batch: OpenBatch, outcome: Outcome, sentAt: Moment): Promise<void> {
    switch (outcome.kind) {
      case 'committed':
        return this.committed(batch, outcome.baseOffset, sentAt)
      case 'lost':
        return this.queue.putBack(batch.group.pending)
      case 'unsent':
        this.queue.putBack(batch.group.pending)
        return this.backOff.pause()
      case 'refused':
        return this.refused(batch, outcome.errorCode)
    }
  }

  private async committed(batch: OpenBatch, baseOffset: number, sentAt: Moment): Promise<void> {
    const { port, index, marks, produceTimeoutMs } = this.setting
    this.backOff.reset()
    // When it was accepted, the log ended with what it was decided on.
    if (sentAt.monotonic > this.reader.proven.monotonic) this.reader.proven = sentAt
    batch.answer(index.logId, baseOffset)
    const isLast = this.reader.log.state.lastReserved === baseOffset + batch.count - 1
    if (isLast && marks.isUnknown(port.metadata.leaders[this.partition] ?? -1))
      await marks.tryOut(port, this.partition, { bytes: batch.bytes, baseOffset }, produceTimeoutMs)
  }

  private refused(batch: OpenBatch, errorCode: number): void {
    const { bytes, group } = batch
    const { pending } = group
    if (errorCode === KAFKA_ERROR.MESSAGE_TOO_LARGE && pending.length > 1) {
      this.size.refused(bytes.length)
      return this.queue.putBack(pending)
    }
    const { topic } = this.setting.port
    for (const append of pending)
      append.refuse(new AppendRefusedError(topic, this.partition, errorCode, bytes.length))
  }

  private isStale(): boolean {
    const { proven } = this.reader
    const { maxStalenessMs } = this.setting
    const now = moment()
    return (
      now.monotonic - proven.monotonic > maxStalenessMs || Math.abs(now.wall - proven.wall) > maxStalenessMs
    )
  }

  /** The appends of the open batch without an answer. */
  private inBatch(): PendingAppend[] {
    return this.open?.group.pending.filter(({ answered }) => !answered) ?? []
  }

  private giveUpOverdue(): void {
    const { appendTimeoutMs } = this.setting
    const latest = performance.now() - appendTimeoutMs
    for (const append of this.inBatch()) if (append.since <= latest) append.refuse(this.unknown(append))
    for (const append of this.queue.unanswered())
      if (append.since <= latest) append.refuse(notSent(append, appendTimeoutMs, this.sender.trouble))
  }

  private giveUpAll(reason: Error): void {
    for (const append of this.inBatch()) append.refuse(this.unknown(append, reason))
    for (const append of this.queue.unanswered()) append.refuse(reason)
    this.queue.clear()
  }

  private unknown(append: PendingAppend, cause?: Error): Error {
    return outcomeUnknown(append, this.setting.appendTimeoutMs, cause ?? new Error(this.sender.trouble))
  }
}
