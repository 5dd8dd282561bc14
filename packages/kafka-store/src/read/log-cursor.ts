import type { LogBatch, SkippedRun } from '@hindcast/core'
import type { KafkaPort } from '../protocol/port.js'
import type { LogRecord } from '../record/log-record.js'
import type { LogState } from '../validity/log-state.js'
import type { Life } from './life.js'
import { PartitionLog } from './partition-log.js'
import { PartitionReader } from './partition-reader.js'
import type { SkipReport } from './report.js'

/** There is a cursor for each partition that a process reads, and each holds what its last fetch has brought. */
const FETCH_BYTES = 1_048_576

/** Reads one partition from a checkpoint on straight from the topic, for a process that has no index. */
export class LogCursor {
  private readonly reader: PartitionReader
  /** Of whole appends. */
  private waiting: LogRecord[] = []
  /** How many of those waiting are handed out. */
  private taken = 0
  private handed: number
  /** What was read and is no event, and lies behind what was handed out. */
  private skipped: SkippedRun[] = []

  /**
   * @param state - in front of the batch that the checkpoint lies in
   * @param end - where the partition ended when the cursor was made, at least
   */
  constructor(
    port: KafkaPort,
    life: Life,
    report: SkipReport,
    private readonly partition: number,
    from: number,
    state: LogState,
    private end: number,
  ) {
    this.handed = from
    const add = (_: number, events: readonly LogRecord[]): void => {
      for (const event of events) if (event.place >= from) this.waiting.push(event)
    }
    const told: Pick<SkipReport, 'add'> = {
      add: record => {
        const { from: first, to, kind, reason } = record
        report.add(record)
        this.skipped.push({ from: BigInt(first), next: BigInt(to) + 1n, kind, reason })
      },
    }
    const log = new PartitionLog(partition, state, { add, room: async () => undefined }, told)
    this.reader = new PartitionReader(port, log, life, FETCH_BYTES)
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
    const end = endOfRun(this.waiting, this.taken, maxEvents)
    const events = this.waiting.slice(this.taken, end)
    this.taken = end
    this.handed = (events.at(-1)?.place ?? this.handed - 1) + 1
    if (end === this.waiting.length) {
      this.waiting = []
      this.taken = 0
      this.handed = Math.max(this.handed, log.state.next)
    }
    this.reach(this.handed)
    const next = BigInt(this.handed)
    const behind = this.skipped.findIndex(({ from }) => from >= next)
    const skipped = this.skipped.splice(0, behind < 0 ? Infinity : behind)
    return { partition: this.partition, events, next, end: BigInt(this.end), skipped }
  }
}

/** Where so many events from a place on end, without splitting an append; a single one may be larger. */
function endOfRun(events: readonly LogRecord[], start: number, maxEvents: number): number {
  let end = Math.min(start + maxEvents, events.length)
  const splits = (): boolean => end < events.length && events[end]!.isOfAppendOf(events[end - 1]!)
  while (end > start && splits()) end--
  if (end === start && end < events.length)
    do end++
    while (splits())
  return end
}
