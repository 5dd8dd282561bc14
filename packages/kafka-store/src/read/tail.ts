import { KAFKA_ERROR } from '../protocol/error-codes.js'
import { TransportError, type FetchAnswer, type FetchLimits, type KafkaPort } from '../protocol/port.js'
import type { Life } from './life.js'

/** The records are only a sign that there are some; the reader fetches them itself. */
const LISTEN: FetchLimits = { maxWaitMs: 500, partitionBytes: 1, maxBytes: 1 }
/** After a ring so long, that a busy partition does not ring for every batch. */
const PACE_MS = 3
const FAILED_PAUSE_MS = 100
/** In place of an end: the leader says that the partition ends in front of what was seen of it. */
export const SHORTER = -1

/**
 * Learns that partitions have grown: one long fetch at a time from each leader, on connections of its own, since a long fetch
 * holds up what comes behind it on its connection.
 */
export class Tail {
  private readonly seen = new Map<number, number>()
  private readonly loops = new Set<number>()

  /**
   * @param port - used by nobody else
   * @param grown - told of a partition and the offset behind its last record, or {@link SHORTER}
   */
  constructor(
    private readonly port: KafkaPort,
    private readonly life: Life,
    private readonly grown: (partition: number, end: number) => void,
  ) {}

  /** Listens to a partition from an offset on, from now to the end of the store's life. */
  listen(partition: number, from: number): void {
    if (this.seen.has(partition)) return
    this.seen.set(partition, from)
    this.startLoops()
  }

  private startLoops(): void {
    for (const partition of this.seen.keys()) {
      const leader = this.leaderOf(partition)
      if (this.loops.has(leader)) continue
      this.loops.add(leader)
      void this.loop(leader)
    }
  }

  /** Runs while the broker leads any of the partitions. */
  private async loop(leader: number): Promise<void> {
    while (!this.life.isOver) {
      const places = [...this.seen]
        .filter(([partition]) => this.leaderOf(partition) === leader)
        .map(([partition, offset]) => ({ partition, offset }))
      if (places.length === 0) break
      const fine = leader >= 0 && (await this.ring(leader, places))
      if (fine) await this.life.pause(PACE_MS)
      else await this.recover()
    }
    this.loops.delete(leader)
    if (!this.life.isOver) this.startLoops()
  }

  private async ring(
    leader: number,
    places: readonly { partition: number; offset: number }[],
  ): Promise<boolean> {
    let answers: FetchAnswer[]
    try {
      answers = await this.port.fetch(leader, places, LISTEN)
    } catch (error) {
      if (error instanceof TransportError) return false
      throw error
    }
    for (const { partition, errorCode, highWatermark } of answers) {
      if (errorCode === KAFKA_ERROR.OFFSET_OUT_OF_RANGE) this.grown(partition, SHORTER)
      else if (errorCode === 0 && highWatermark > this.seen.get(partition)!) {
        this.seen.set(partition, highWatermark)
        this.grown(partition, highWatermark)
      }
    }
    return answers.every(({ errorCode }) => errorCode === 0)
  }

  private async recover(): Promise<void> {
    await this.port.refresh().catch(() => undefined)
    await this.life.pause(FAILED_PAUSE_MS)
    this.startLoops()
  }

  private leaderOf(partition: number): number {
    return this.port.metadata.leaders[partition] ?? -1
  }
}
