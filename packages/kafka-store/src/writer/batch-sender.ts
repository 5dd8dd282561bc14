import { kafkaErrorName } from '../protocol/error-codes.js'
import { TransportError, type ProduceAnswer } from '../protocol/port.js'
import type { PartitionReader } from '../read/partition-reader.js'
import { sequenceAfter } from '../validity/reserved-producer.js'
import { reactionTo, type Reaction } from './answer-table.js'
import type { BackOff } from './back-off.js'
import type { OpenBatch } from './open-batch.js'
import type { WriterSetting } from './writer-setting.js'

/**
 * Sends ONE batch, the same bytes again and again, until its outcome is known: by the broker's answer, or by reading what
 * stands in its place, whichever comes first.
 */
export class BatchSender {
  /** The last thing that went wrong. */
  trouble = 'it had no turn'

  constructor(
    private readonly reader: PartitionReader,
    private readonly setting: WriterSetting,
    private readonly backOff: BackOff,
  ) {}

  /** Resolves when the batch has its outcome, or when the store's life is over. */
  async send(batch: OpenBatch): Promise<void> {
    const { life } = this.setting
    const { log } = this.reader
    log.onReserved = (found, records) => batch.meet(found, records)
    while (!batch.outcome && !life.isOver) {
      await this.attempt(batch)
      if (!batch.outcome) await Promise.race([batch.whenSettled(), this.backOff.pause()])
    }
    log.onReserved = () => undefined
  }

  private async attempt(batch: OpenBatch): Promise<void> {
    const { port, produceTimeoutMs } = this.setting
    const { partition } = this.reader.log
    const leader = port.metadata.leaders[partition] ?? -1
    const { maybeWritten } = batch
    let answer
    try {
      answer = await port.produce(partition, batch.bytes, produceTimeoutMs)
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      this.trouble = error.message
      return this.noAnswer(batch, error.sent)
    }
    if (batch.outcome) return
    if (answer.errorCode !== 0) this.trouble = `the broker answered ${kafkaErrorName(answer.errorCode)}`
    return this.react(batch, answer, this.reactionTo(batch, answer, leader, maybeWritten))
  }

  private reactionTo(
    batch: OpenBatch,
    answer: ProduceAnswer,
    leader: number,
    maybeWritten: boolean,
  ): Reaction {
    const { next, lastReserved } = this.reader.log.state
    return reactionTo(answer, {
      trusted: this.setting.marks.trusts(leader),
      decidedOn: batch.state.next,
      unmoved: lastReserved === batch.state.lastReserved,
      expectedOffset: next,
      maybeWritten,
    })
  }

  private async react(batch: OpenBatch, answer: ProduceAnswer, reaction: Reaction): Promise<void> {
    switch (reaction) {
      case 'committed':
        return this.commit(batch, answer.baseOffset)
      case 'read':
        return this.readPast(batch, answer.baseOffset + batch.count)
      case 'read-again':
        await this.reader.pull()
        return
      case 'epoch':
        await this.reader.toEnd()
        if (!batch.outcome) batch.raiseEpoch()
        return
      case 'refused':
        return batch.settle({ kind: 'refused', errorCode: answer.errorCode })
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
    const { log } = this.reader
    while (!batch.outcome && log.state.next < target && !this.setting.life.isOver) {
      await this.reader.pull()
      if (!batch.outcome && log.state.next < target) await this.backOff.pause()
    }
  }

  /** Applies the batch without reading it: the answer says that it stands where it was expected. */
  private commit(batch: OpenBatch, baseOffset: number): void {
    const { count, head } = batch
    const { log } = this.reader
    const state = {
      next: baseOffset + count,
      lastReserved: baseOffset + count - 1,
      lastBatch: baseOffset,
      lastCrc: batch.crc,
      sequence: sequenceAfter(head.sequence, count),
      epoch: head.epoch,
      timestamp: head.timestamp,
      logId: batch.state.logId,
    }
    this.setting.index.add(log.partition, batch.applied(baseOffset), state)
    log.moveTo(state)
    batch.settle({ kind: 'committed', baseOffset })
  }
}
