import type { LogBatch, RecordedEvent } from '@hindcast/core'
import { countEvents, type AppendRecord } from '@hindcast/stream-index'
import { eventsOf } from '../index/recent-event.js'
import type { KafkaPort } from '../protocol/port.js'
import type { LogState } from '../validity/log-state.js'
import type { Life } from './life.js'
import { PartitionLog } from './partition-log.js'
import { PartitionReader } from './partition-reader.js'
import type { SkipReport } from './report.js'

/** Reads one partition from a checkpoint on straight from the topic, for a process that has no index. */
export class LogCursor {
  private readonly reader: PartitionReader
  private waiting: readonly AppendRecord[] = []
  /** How many of those waiting are handed out. */
  private taken = 0
  private handed: number

  /**
   * @param state - in front of the batch that the checkpoint lies in
   * @param end - where the partition ended when the cursor was made, at least
   */
  constructor(
    port: KafkaPort,
    life: Life,
    report: SkipReport,
    private readonly partition: number,
    private readonly from: number,
    state: LogState,
    private end: number,
  ) {
    this.handed = from
    const add = (_: number, appends: readonly AppendRecord[]): void => {
      const left = this.waiting.slice(this.taken)
      this.waiting = [...left, ...appends.filter(append => this.isBehindStart(append))]
      this.taken = 0
    }
    const log = new PartitionLog(partition, state, { add, room: async () => undefined }, report)
    this.reader = new PartitionReader(port, log, life)
  }

  /** The checkpoint behind what was handed out. */
  get next(): number {
    return this.handed
  }

  /** The partition is known to reach at least so far. */
  reach(end: number): void {
    if (end > this.end) this.end = end
  }

  /** False at the end of what is known. */
  get hasMore(): boolean {
    return this.handed < this.end
  }

  /**
   * Looks at the log when there is reason to believe that it has become shorter.
   *
   * @returns true when it was seen that it has not; false calls for another look
   * @throws LogIntegrityError when it has
   */
  async check(): Promise<boolean> {
    return (await this.reader.pull()) !== undefined
  }

  /** The next whole appends, up to so many events; none, and no move, at the end of what is known. */
  async take(maxEvents: number): Promise<LogBatch> {
    const { log } = this.reader
    while (this.taken === this.waiting.length && log.state.next < this.end) {
      const highWatermark = await this.reader.pull()
      if (highWatermark !== undefined) this.reach(highWatermark)
    }
    const events: RecordedEvent[] = []
    while (this.taken < this.waiting.length) {
      const append = this.waiting[this.taken]!
      const count = countEvents(append.writes)
      if (events.length > 0 && events.length + count > maxEvents) break
      for (const event of eventsOf(append)) if (event.place >= this.from) events.push(event)
      this.handed = append.offset + count
      this.taken++
    }
    if (this.taken === this.waiting.length) this.handed = Math.max(this.handed, log.state.next)
    this.reach(this.handed)
    return { partition: this.partition, events, next: BigInt(this.handed), end: BigInt(this.end) }
  }

  private isBehindStart({ offset, writes }: AppendRecord): boolean {
    return offset + countEvents(writes) > this.from
  }
}
