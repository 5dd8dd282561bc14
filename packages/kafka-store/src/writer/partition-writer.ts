import {
  AppendNotSentError,
  AppendOutcomeUnknownError,
  LogIntegrityError,
  StoreClosedError,
} from '@hindcast/core'
import type { LogIndex } from '../index/log-index.js'
import { KAFKA_ERROR } from '../protocol/error-codes.js'
import { TransportError, type KafkaPort } from '../protocol/port.js'
import type { Life } from '../read/life.js'
import type { PartitionLog } from '../read/partition-log.js'
import { moment, type Moment, type PartitionReader } from '../read/partition-reader.js'
import { BatchEncoder } from '../record/batch-encoder.js'
import { sequenceAfter } from '../validity/reserved-producer.js'
import { reactionTo } from './answer-table.js'
import { appended, placedAt, type DecidedAppend } from './decided-append.js'
import { Decider } from './decider.js'
import type { DuplicateMarks } from './duplicate-marks.js'
import { AppendRefusedError } from './errors.js'
import { OpenBatch, type Outcome } from './open-batch.js'
import { answer, refuse, type PendingAppend } from './pending-append.js'

/** What the writers of a store share. */
export interface WriterSetting {
  readonly port: KafkaPort
  readonly index: LogIndex
  readonly life: Life
  readonly marks: DuplicateMarks
  readonly appendTimeoutMs: number
  readonly maxStalenessMs: number
  /** How long to wait for one answer of a broker. */
  readonly produceTimeoutMs: number
}

const GROUP_BYTES = 524_288
const SMALLEST_GROUP_BYTES = 16_384
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 500
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
 * - `sending`: ONE batch is open and on its way; what comes meanwhile queues (group commit). Left when its outcome is known,
 *   by the broker's answer or by reading what stands in its place, whichever comes first.
 * - `resolving`: its outcome is not known; the same bytes are sent again until it is. Appends that are overdue are answered
 *   with AppendOutcomeUnknownError, those queued behind them with AppendNotSentError; the resolving goes on.
 * - `failed`: the log cannot be trusted. For good; every append is refused with the reason.
 *
 * More than one batch on its way would make `ce_after` a guess: a foreign record can slip in between and void the second.
 */
export class PartitionWriter {
  private queue: PendingAppend[] = []
  private open: OpenBatch | undefined
  private running: Promise<void> | undefined
  private failure: Error | undefined
  private maxBytes = GROUP_BYTES
  private pause = FIRST_PAUSE_MS
  private trouble = 'it had no turn'
  private readonly encoder: BatchEncoder
  private readonly log: PartitionLog
  private readonly partition: number

  constructor(
    private readonly reader: PartitionReader,
    private readonly setting: WriterSetting,
  ) {
    this.log = reader.log
    this.partition = reader.log.partition
    this.encoder = new BatchEncoder(setting.index.logId)
  }

  /** Queues an append; its promise is settled when it is committed, refused, or given up. */
  add(append: PendingAppend): void {
    if (this.failure) return refuse(append, this.failure)
    this.queue.push(append)
    this.running ??= this.run()
  }

  /** Resolves when every append that was queued has its answer. */
  async drain(): Promise<void> {
    while (this.unanswered() > 0) await Promise.race([this.running, this.setting.life.pause(FIRST_PAUSE_MS)])
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
    // Appends that are called in the same turn of the event loop, also from other sockets, join the first batch.
    await new Promise(resolve => setImmediate(resolve))
    try {
      while (this.queue.length > 0 && !this.setting.life.isOver && !this.failure) await this.turn()
    } catch (error) {
      this.fail(error as Error)
    } finally {
      clearInterval(timer)
      this.running = undefined
      if (this.setting.life.isOver) this.giveUpAll(new StoreClosedError('an append'))
    }
  }

  private async turn(): Promise<void> {
    const { index } = this.setting
    if (index.failure) this.trouble = index.failure.message
    if (index.failure instanceof LogIntegrityError) throw index.failure
    if (index.isFull) await index.room()
    if (this.isStale()) await this.reader.toEnd()
    const { batch, unproven } = this.decide()
    if (batch) await this.send(batch)
    if (unproven && batch?.outcome?.kind !== 'committed') await this.reader.toEnd()
  }

  /** Decides what is queued, up to a full batch. What hangs on that batch, and refusals that are not proven, stay queued. */
  private decide(): { batch: OpenBatch | undefined; unproven: boolean } {
    const { state } = this.log
    const decider = new Decider(this.setting.index, this.partition, state.sequence, this.maxBytes)
    const accepted: DecidedAppend[] = []
    const later: PendingAppend[] = []
    let unproven = false
    let i = 0
    for (; i < this.queue.length; i++) {
      const pending = this.queue[i]!
      if (pending.answered) continue
      const decision = this.decideOne(decider, pending)
      if (!decision) continue
      if (decision.kind === 'full') break
      if (decision.kind === 'accepted') accepted.push(decision.append)
      else if (decision.kind === 'answer') answer(pending, decision.result)
      else if (decision.kind === 'conflict' && this.reader.proven.monotonic >= pending.since)
        answer(pending, decision.conflict)
      else {
        later.push(pending)
        unproven ||= decision.kind === 'conflict'
      }
    }
    this.queue = [...later, ...this.queue.slice(i)]
    const batch =
      accepted.length > 0 ? new OpenBatch(this.encoder, accepted, decider.events, state) : undefined
    return { batch, unproven }
  }

  private decideOne(decider: Decider, pending: PendingAppend): ReturnType<Decider['decide']> | undefined {
    try {
      return decider.decide(pending)
    } catch (error) {
      refuse(pending, error)
      return undefined
    }
  }

  private async send(batch: OpenBatch): Promise<void> {
    const { life } = this.setting
    const sentAt = moment()
    this.open = batch
    this.log.onReserved = (found, records) => batch.meet(found, records)
    while (!batch.outcome && !life.isOver) {
      await this.attempt(batch)
      if (!batch.outcome) await Promise.race([batch.whenSettled(), this.backOff()])
    }
    this.log.onReserved = () => undefined
    this.open = undefined
    if (batch.outcome) await this.conclude(batch, batch.outcome, sentAt)
    else for (const { pending } of batch.appends) refuse(pending, this.unknown(pending))
  }

  private async attempt(batch: OpenBatch): Promise<void> {
    const { port, marks, produceTimeoutMs } = this.setting
    const leader = port.metadata.leaders[this.partition] ?? -1
    const { maybeWritten } = batch
    let answered
    try {
      answered = await port.produce(this.partition, batch.bytes, produceTimeoutMs)
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      this.trouble = error.message
      return this.noAnswer(batch, error.sent)
    }
    if (batch.outcome) return
    const { next, lastReserved } = this.log.state
    const reaction = reactionTo(answered, {
      trusted: marks.trusts(leader),
      unmoved: lastReserved === batch.state.lastReserved,
      expectedOffset: next,
      maybeWritten,
    })
    if (answered.errorCode !== 0) this.trouble = `the broker answered ${answered.errorCode}`
    switch (reaction) {
      case 'committed':
        return this.commit(batch, answered.baseOffset)
      case 'read':
        return this.readPast(batch, answered.baseOffset + batch.count)
      case 'read-again':
        await this.reader.pull()
        return
      case 'epoch':
        await this.reader.toEnd()
        if (!batch.outcome) batch.raiseEpoch()
        return
      case 'refused':
        return batch.settle({ kind: 'refused', errorCode: answered.errorCode })
      case 'unknown':
        return this.noAnswer(batch, true)
    }
  }

  private async noAnswer(batch: OpenBatch, sent: boolean): Promise<void> {
    batch.maybeWritten ||= sent
    await this.setting.port.refresh().catch(() => undefined)
    if (!batch.maybeWritten) batch.settle({ kind: 'unsent' })
    else if (!batch.outcome) await this.reader.pull()
  }

  private async readPast(batch: OpenBatch, target: number): Promise<void> {
    batch.maybeWritten = true
    while (!batch.outcome && this.log.state.next < target && !this.setting.life.isOver) {
      await this.reader.pull()
      if (!batch.outcome && this.log.state.next < target) await this.backOff()
    }
  }

  /** Applies the batch without reading it: the answer says that it stands where it was expected. */
  private commit(batch: OpenBatch, baseOffset: number): void {
    const { count, head } = batch
    const appends = batch.appends.map(append => placedAt(append, this.partition, baseOffset))
    this.log.applyOwn(appends, {
      next: baseOffset + count,
      lastReserved: baseOffset + count - 1,
      lastBatch: baseOffset,
      lastCrc: batch.crc,
      sequence: sequenceAfter(head.sequence, count),
      epoch: head.epoch,
      timestamp: head.timestamp,
      logId: batch.state.logId,
    })
    batch.settle({ kind: 'committed', baseOffset })
  }

  private async conclude(batch: OpenBatch, outcome: Outcome, sentAt: Moment): Promise<void> {
    switch (outcome.kind) {
      case 'committed':
        this.pause = FIRST_PAUSE_MS
        // When it was accepted, the log ended with what it was decided on.
        if (sentAt.monotonic > this.reader.proven.monotonic) this.reader.proven = sentAt
        for (const append of batch.appends)
          answer(
            append.pending,
            appended(append, this.setting.index.logId, this.partition, outcome.baseOffset),
          )
        return this.tryMarks(batch, outcome.baseOffset)
      case 'lost':
        return this.requeue(batch)
      case 'unsent':
        this.requeue(batch)
        return this.backOff()
      case 'refused':
        return this.refused(batch, outcome.errorCode)
    }
  }

  private refused(batch: OpenBatch, errorCode: number): void {
    if (errorCode === KAFKA_ERROR.MESSAGE_TOO_LARGE && batch.appends.length > 1) {
      this.maxBytes = Math.max(SMALLEST_GROUP_BYTES, Math.floor(batch.bytes.length / 2))
      // At the smallest size each goes alone, so that only those are refused that are too large themselves.
      if (batch.bytes.length <= SMALLEST_GROUP_BYTES) this.maxBytes = 0
      return this.requeue(batch)
    }
    const { topic } = this.setting.port
    for (const { pending } of batch.appends)
      refuse(pending, new AppendRefusedError(topic, this.partition, errorCode, batch.bytes.length))
  }

  private requeue(batch: OpenBatch): void {
    this.queue = [...batch.appends.map(append => append.pending), ...this.queue]
  }

  /**
   * Sends a batch again that is certainly in the log, once a broker: what it answers tells whether it marks duplicates.
   */
  private async tryMarks(batch: OpenBatch, baseOffset: number): Promise<void> {
    const { port, marks, produceTimeoutMs } = this.setting
    const leader = port.metadata.leaders[this.partition] ?? -1
    if (!marks.isUnknown(leader) || this.log.state.lastReserved !== baseOffset + batch.count - 1) return
    try {
      const again = await port.produce(this.partition, batch.bytes, produceTimeoutMs)
      if (again.errorCode === 0 && again.baseOffset === baseOffset)
        marks.learn(leader, again.logAppendTime !== -1)
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
    }
  }

  private isStale(): boolean {
    const { proven } = this.reader
    const { maxStalenessMs } = this.setting
    const now = moment()
    return (
      now.monotonic - proven.monotonic > maxStalenessMs || Math.abs(now.wall - proven.wall) > maxStalenessMs
    )
  }

  private async backOff(): Promise<void> {
    const { pause } = this
    this.pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    await this.setting.life.pause(pause)
  }

  private unanswered(): number {
    const open = this.open?.appends.filter(({ pending }) => !pending.answered).length ?? 0
    return open + this.queue.filter(({ answered }) => !answered).length
  }

  private giveUpOverdue(): void {
    const latest = performance.now() - this.setting.appendTimeoutMs
    for (const { pending } of this.open?.appends ?? [])
      if (pending.since <= latest) refuse(pending, this.unknown(pending))
    for (const pending of this.queue) if (pending.since <= latest) refuse(pending, this.notSent(pending))
  }

  private giveUpAll(reason: Error): void {
    for (const { pending } of this.open?.appends ?? []) refuse(pending, this.unknown(pending, reason))
    for (const pending of this.queue) refuse(pending, reason)
    this.queue = []
  }

  private unknown({ writes, options }: PendingAppend, cause?: Error): AppendOutcomeUnknownError {
    return new AppendOutcomeUnknownError(writes[0]!.stream, options.commandId, this.setting.appendTimeoutMs, {
      cause: cause ?? new Error(this.trouble),
    })
  }

  private notSent({ writes, options }: PendingAppend): AppendNotSentError {
    const reason = `there was no way to send it within ${this.setting.appendTimeoutMs} ms (${this.trouble})`
    return new AppendNotSentError(writes[0]!.stream, options.commandId, reason)
  }
}
