import { KAFKA_ERROR } from '../protocol/error-codes.js'
import { TransportError, type FetchAnswer, type FetchLimits, type KafkaPort } from '../protocol/port.js'
import { splitBatches } from '../record/record-batch.js'
import type { Life } from './life.js'
import { Doubt } from './doubt.js'
import type { PartitionLog } from './partition-log.js'

const FETCH_BYTES = 4_194_304
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 500

/** When something is known: by the monotonic clock, which stands still while a machine sleeps, and by the wall clock. */
export interface Moment {
  readonly monotonic: number
  readonly wall: number
}

/** Now. */
export function moment(): Moment {
  return { monotonic: performance.now(), wall: Date.now() }
}

/** Brings a partition's log up to date by short fetches from its leader. */
export class PartitionReader {
  /** The log held nothing more than what is applied at some moment after this one. */
  proven: Moment = { monotonic: -Infinity, wall: -Infinity }
  private pulling: Promise<number | undefined> | undefined
  private looking: Promise<void> | undefined
  private readonly doubt: Doubt
  private readonly limits: FetchLimits

  /** @param fetchBytes - how much one fetch brings at most, unless a single batch is larger */
  constructor(
    private readonly port: KafkaPort,
    readonly log: PartitionLog,
    private readonly life: Life,
    fetchBytes: number = FETCH_BYTES,
  ) {
    this.doubt = new Doubt(port, log.partition)
    this.limits = { maxWaitMs: 0, partitionBytes: fetchBytes, maxBytes: fetchBytes }
  }

  /**
   * Reads to where the partition ended at some moment after this call. Goes on trying until it has; those who call while it
   * does share the next time.
   *
   * The target comes from ListOffsets, not from a fetch: a fetch that reached the high watermark does not prove the end, since
   * a new leader's may lag (KIP-207).
   *
   * @throws LogIntegrityError, StoreClosedError
   */
  async toEnd(): Promise<void> {
    if (this.looking) await this.looking.catch(() => undefined)
    this.looking ??= this.look().finally(() => (this.looking = undefined))
    return this.looking
  }

  /** Reads until everything below an offset is applied. */
  async to(target: number): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; this.log.state.next < target; pause = longer(pause)) {
      const before = this.log.state.next
      await this.pull()
      if (this.log.state.next > before) pause = FIRST_PAUSE_MS
      else if (this.log.state.next < target) await this.life.pause(pause)
      this.life.check('reading the log')
    }
  }

  /**
   * Where the partition ends: not in front of what is applied, which a leader that was cut off may believe.
   *
   * @throws LogIntegrityError when it stays shorter than that
   */
  async end(): Promise<number> {
    const { partition, state } = this.log
    for (let pause = FIRST_PAUSE_MS; ; pause = longer(pause)) {
      this.life.check('reading the log')
      try {
        const { errorCode, offset } = await this.port.end(partition)
        if (errorCode === 0 && offset < state.next) await this.doubt.raise(state.next)
        else if (errorCode === 0) {
          this.doubt.clear()
          return offset
        }
      } catch (error) {
        if (!(error instanceof TransportError)) throw error
      }
      await this.again(pause)
    }
  }

  /**
   * One fetch that begins after this call, applied.
   *
   * @returns the high watermark, or undefined when there was no answer
   * @throws LogIntegrityError
   */
  async pull(): Promise<number | undefined> {
    if (this.pulling) await this.pulling.catch(() => undefined)
    this.pulling ??= this.fetch().finally(() => (this.pulling = undefined))
    return this.pulling
  }

  private async look(): Promise<void> {
    const asked = moment()
    await this.to(await this.end())
    if (asked.monotonic > this.proven.monotonic) this.proven = asked
  }

  private async fetch(): Promise<number | undefined> {
    const { partition } = this.log
    await this.log.room()
    const leader = this.port.metadata.leaders[partition] ?? -1
    try {
      const [answer] = await this.port.fetch(
        leader,
        [{ partition, offset: this.log.state.next }],
        this.limits,
      )
      if (answer?.errorCode === 0) return this.take(answer)
      if (answer?.errorCode === KAFKA_ERROR.OFFSET_OUT_OF_RANGE) await this.doubt.raise(this.log.state.next)
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
    }
    await this.again(FIRST_PAUSE_MS)
    return undefined
  }

  private take({ records, highWatermark }: FetchAnswer): number {
    this.doubt.clear()
    this.log.apply(splitBatches(this.log.partition, records))
    return highWatermark
  }

  private async again(pause: number): Promise<void> {
    await this.port.refresh().catch(() => undefined)
    await this.life.pause(pause)
  }
}

function longer(pause: number): number {
  return Math.min(pause * 2, LONGEST_PAUSE_MS)
}
