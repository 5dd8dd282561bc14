import assert from 'node:assert/strict'
import type { EventStore, LogBatch, ReadLogOptions, RecordedEvent } from '@hindcast/core'

/** A live reader of a partition that runs beside the case. */
export class Tail {
  readonly batches: LogBatch[] = []
  readonly events: RecordedEvent[] = []
  /** Settles when the reading ends, by itself or with an error. */
  readonly ended: Promise<void>
  readonly #abort = new AbortController()
  #progress: () => void = () => undefined

  constructor(
    store: EventStore,
    partition: number,
    options: Omit<ReadLogOptions, 'live' | 'signal'> = {},
    onBatch?: (batch: LogBatch) => Promise<void>,
  ) {
    this.ended = this.#run(
      store.readLog(partition, { ...options, live: true, signal: this.#abort.signal }),
      onBatch,
    )
    // An error is news to whoever waits for events or for the end; a case that does neither is about something else.
    this.ended.catch(() => undefined)
  }

  /** Waits until so many events have been read. */
  async until(count: number): Promise<readonly RecordedEvent[]> {
    const endedEarly = this.ended.then(() => {
      assert.fail(`the live reader ended after ${this.events.length} of ${count} events`)
    })
    endedEarly.catch(() => undefined)
    while (this.events.length < count)
      await Promise.race([endedEarly, new Promise<void>(resolve => (this.#progress = resolve))])
    return this.events
  }

  /** Aborts and waits for the quiet end. */
  async stop(): Promise<void> {
    this.#abort.abort()
    await assert.doesNotReject(this.ended, 'an aborted reader must end quietly')
  }

  async #run(source: AsyncIterable<LogBatch>, onBatch?: (batch: LogBatch) => Promise<void>): Promise<void> {
    for await (const batch of source) {
      this.batches.push(batch)
      this.events.push(...batch.events)
      this.#progress()
      await onBatch?.(batch)
    }
  }
}

/** Lets everything that is ready run, so that a live reader reaches its waiting. */
export async function turns(count = 10): Promise<void> {
  for (let n = 0; n < count; n++) await new Promise(resolve => setImmediate(resolve))
}
