import type { EventStore } from '@hindcast/core'
import type { Journal } from '../history/journal.js'

/** So long a live reader has for what was there when it was told to end. */
const FINISH_MS = 30_000
const LOOK_MS = 20

/** Reads a partition live, and notes what comes. */
export class LiveReader {
  private readonly controller = new AbortController()
  private readonly reading: Promise<void>
  private next: bigint

  private constructor(
    private readonly store: EventStore,
    private readonly journal: Journal,
    private readonly partition: number,
    from: bigint,
  ) {
    this.next = from
    journal.subscribe(partition, from)
    this.reading = this.read(from)
  }

  /** Begins at the partition's end, as this process knows it. */
  static async atEnd(store: EventStore, journal: Journal, partition: number): Promise<LiveReader> {
    return new LiveReader(store, journal, partition, await store.end(partition))
  }

  /** Begins at a checkpoint. */
  static at(store: EventStore, journal: Journal, partition: number, from: bigint): LiveReader {
    return new LiveReader(store, journal, partition, from)
  }

  /** Notes that the reader is due to reach a place, where the partition now ends by default; waits for it, and ends it. */
  async finish(end?: bigint): Promise<void> {
    const due = end ?? (await this.store.end(this.partition, { fresh: true }))
    this.journal.due(this.partition, due)
    const deadline = performance.now() + FINISH_MS
    while (this.next < due && performance.now() < deadline)
      await new Promise(resolve => setTimeout(resolve, LOOK_MS))
    this.controller.abort()
    await this.reading
  }

  private async read(from: bigint): Promise<void> {
    const { signal } = this.controller
    for await (const { next, events } of this.store.readLog(this.partition, { from, live: true, signal })) {
      this.journal.read(
        this.partition,
        next,
        events.map(event => event.id),
      )
      this.next = next
    }
  }
}
