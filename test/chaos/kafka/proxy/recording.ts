import type { Random } from '../../random.js'
import { epochOf } from '../wire/batch.js'
import type { SentBatch } from '../wire/request.js'

/** A batch that passed a proxy in a request to append. */
export interface RecordedProduce extends SentBatch {
  /** The request, with this batch alone. */
  readonly frame: Buffer
  /** Where its body begins. */
  readonly bodyAt: number
  /** When, by the monotonic clock in ms. */
  readonly at: number
  /** True when a broker answered that it has the batch. */
  readonly accepted: boolean
}

const KEPT = 400

/**
 * Some of the batches that passed the proxies, from the whole run, to be sent again in requests of their own. One that a broker refused
 * outright is not kept: nobody could promise "nothing was written" of a request that is brought again later.
 */
export class Recording {
  private readonly kept: RecordedProduce[] = []
  private readonly epochs = new Map<number, number>()
  private seen = 0

  constructor(private readonly random: Random) {}

  /** Keeps it, perhaps in place of another one: each has the same chance to stay. */
  add(request: RecordedProduce): void {
    this.seen++
    const { partition, batch } = request
    this.epochs.set(partition, Math.max(this.epochOf(partition), epochOf(batch)))
    if (this.kept.length < KEPT) this.kept.push(request)
    else {
      const place = Math.floor(this.random.next() * this.seen)
      if (place < KEPT) this.kept[place] = request
    }
  }

  /** The latest producer epoch that was seen in a partition. */
  epochOf(partition: number): number {
    return this.epochs.get(partition) ?? 0
  }

  /** One of those older, or younger, than so many ms; undefined when there is none. */
  pick(age: 'older' | 'younger', ms: number): RecordedProduce | undefined {
    const limit = performance.now() - ms
    const found = this.kept.filter(({ at }) => (age === 'older' ? at < limit : at >= limit))
    return found.length === 0 ? undefined : this.random.pick(found)
  }

  /** One that a broker has accepted. */
  pickAccepted(): RecordedProduce | undefined {
    const found = this.kept.filter(({ accepted }) => accepted)
    return found.length === 0 ? undefined : this.random.pick(found)
  }
}
