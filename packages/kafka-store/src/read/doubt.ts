import type { KafkaPort } from '../protocol/port.js'
import { cutLog, shrunkLog } from './partition-log.js'

/** A leader that was cut off may seem to have a shorter log; it is believed when it stays so for so long. */
const BELIEVED_MS = 10_000

/** Whether a place in a partition that must be there is really gone. */
export class Doubt {
  private since: number | undefined

  constructor(
    private readonly port: KafkaPort,
    private readonly partition: number,
  ) {}

  /** The leader has what was asked for. */
  clear(): void {
    this.since = undefined
  }

  /**
   * The leader does not have it. Its answer does not tell on which side it is missing.
   *
   * @param offset - the next one to read, or one to be read again
   * @throws LogIntegrityError when that stays so: the log is shorter, or its beginning was deleted
   */
  async raise(offset: number): Promise<void> {
    this.since ??= performance.now()
    // No log is too short to have a beginning.
    if (offset > 0 && performance.now() - this.since <= BELIEVED_MS) return
    const { topic } = this.port
    const { errorCode, offset: end } = await this.port.end(this.partition)
    if (errorCode !== 0) return
    throw end > offset ? cutLog(topic, this.partition, offset) : shrunkLog(topic, this.partition, offset, end)
  }
}
