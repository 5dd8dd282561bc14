import type { ParkedEvent, PassedEvent } from './parked-event.js'
import type { Claim, Fence, LogPlace, ReadModelTx } from './read-model-store.js'
import type { OwnerReport, Standing } from './standing.js'

/** What a transaction does besides rows. */
export type Bookkeeping = Pick<ReadModelTx, 'park' | 'unpark' | 'pass'>

/** The checkpoint of one partition and what is parked of it. */
export class MemoryPartition {
  #next = 0n
  #epoch = 0n
  #report: { readonly said: OwnerReport; readonly at: number } | undefined
  readonly #parked = new Map<bigint, ParkedEvent>()
  readonly #passed = new Map<bigint, PassedEvent>()

  get next(): bigint {
    return this.#next
  }

  get claimed(): boolean {
    return this.#epoch > 0n
  }

  claim(): Claim {
    this.#epoch++
    this.#report = undefined
    const parkedKeys = new Set([...this.#parked.values()].flatMap(event => event.keys))
    return { next: this.#next, epoch: this.#epoch, parkedKeys }
  }

  admits(fence: Fence): boolean {
    return this.claimed && this.#next === fence.from && this.#epoch === fence.epoch
  }

  /** Notes what is wanted; nothing changes before it is committed. */
  begin(): { readonly tx: Bookkeeping; readonly commit: (next: bigint) => void } {
    const changes: (() => void)[] = []
    const later = (change: () => void): Promise<void> => {
      changes.push(change)
      return Promise.resolve()
    }
    return {
      tx: {
        park: events => later(() => events.forEach(event => this.#parked.set(event.offset, event))),
        unpark: offsets => later(() => offsets.forEach(offset => this.#parked.delete(offset))),
        pass: events => later(() => events.forEach(event => this.#passed.set(event.offset, event))),
      },
      commit: next => {
        for (const change of changes) change()
        this.#next = next
      },
    }
  }

  parked(): readonly ParkedEvent[] {
    return inOrder(this.#parked)
  }

  passed(): readonly PassedEvent[] {
    return inOrder(this.#passed)
  }

  /** The first parked event at the offset or, where a key is given, of the key. */
  parkedAt(offset: bigint, key: string | undefined): ParkedEvent | undefined {
    return this.parked().find(
      event => event.offset === offset || (key !== undefined && event.keys.includes(key)),
    )
  }

  report(epoch: bigint, said: OwnerReport): boolean {
    if (epoch !== this.#epoch) return false
    this.#report = { said, at: performance.now() }
    return true
  }

  standing(place: LogPlace): Standing {
    const report = this.#report
    return {
      ...place,
      next: this.#next,
      epoch: this.#epoch,
      parked: this.#parked.size,
      ...(report && { report: report.said, reportAgeMs: performance.now() - report.at }),
    }
  }
}

function inOrder<T extends ParkedEvent>(events: ReadonlyMap<bigint, T>): readonly T[] {
  return [...events.values()].toSorted((a, b) => (a.offset < b.offset ? -1 : 1))
}
