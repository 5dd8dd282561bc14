import type { LogIndex } from '../index/log-index.js'
import type { Life } from '../read/life.js'
import type { PartitionLog } from '../read/partition-log.js'
import { PartitionReader } from '../read/partition-reader.js'
import { SHORTER } from '../read/tail.js'
import { PartitionWriter } from '../writer/partition-writer.js'
import type { WriterSetting } from '../writer/writer-setting.js'

/** When an append of this process is on its way, its answer is given so long to come before the log is fetched. */
const ANSWER_MS = 20

/** All that a store does with one partition: apply, read, append. */
export class PartitionRoom {
  readonly reader: PartitionReader
  readonly writer: PartitionWriter
  private following: Promise<void> | undefined
  private end = 0
  private doubted = false

  constructor(
    readonly log: PartitionLog,
    private readonly life: Life,
    index: LogIndex,
    setting: Omit<WriterSetting, 'index' | 'life'>,
  ) {
    this.reader = new PartitionReader(setting.port, log, life)
    this.writer = new PartitionWriter(this.reader, { ...setting, index, life })
  }

  /**
   * The partition has grown: reads what is new, unless it is what this process has just appended. Or it is said to be
   * {@link SHORTER}: looks whether it is.
   */
  grown(end: number): void {
    if (end === SHORTER) this.doubted = true
    else this.end = end
    this.following ??= this.follow()
  }

  private async follow(): Promise<void> {
    try {
      await Promise.race([this.writer.whenSettled(), this.life.pause(ANSWER_MS)])
      while (this.log.state.next < this.end && !this.life.isOver) await this.reader.pull()
      if (this.doubted) await this.reader.toEnd()
      this.doubted = false
    } catch (error) {
      if (this.life.isOver) return
      this.writer.fail(error as Error)
      this.log.fail(error as Error)
    } finally {
      // In the same turn as the last look at `end`: a later one would lose what was said in between.
      this.following = undefined
    }
  }
}
