import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ParkedRequestError } from '../../read-model/errors.js'
import type { ParkedEvent, PassedEvent } from '../../read-model/parked-event.js'
import type { ParkedRequest, RequestOutcome } from '../../read-model/parked-request.js'
import type { LogPlace, ProjectionVersion, ReadModelStore } from '../../read-model/read-model-store.js'

const DEFAULT_TIMEOUT_MS = 10_000
const LOOK_EVERY_MS = 100

/** A parked or passed event and the partition that it is in. */
export type Placed<E extends ParkedEvent> = E & LogPlace

/** What is done with parked events, and where. */
export interface ParkedOptions {
  /** Only in this partition. Default: in all of all logs. */
  readonly at?: LogPlace
  /** How long to wait for the owners' answers, in milliseconds; 0 only writes the requests. Default 10,000. */
  readonly timeoutMs?: number
}

/** What became of the requests to the owners of some partitions. */
export interface ParkedAnswer extends RequestOutcome {
  /** The partitions whose owners have not answered yet: they will when they work again. */
  readonly open: readonly LogPlace[]
}

/** @internal */
export interface ParkedParts {
  readonly version: ProjectionVersion
  readonly store: ReadModelStore
  readonly places: readonly LogPlace[]
  /** Throws the reason when nothing can be asked yet. */
  readonly mustBeOpen: () => void
  /** Answers what this process can answer, now. */
  readonly requested: () => Promise<void>
}

/**
 * The parked events of a projection, for whoever mends them. Any process may ask; the owner of the partition does the work, so
 * that nothing is folded twice.
 */
export class ParkedEvents {
  readonly #parts: ParkedParts

  /** @internal */
  constructor(parts: ParkedParts) {
    this.#parts = parts
  }

  /** What is parked, by log and partition, in order of offset. */
  list(): Promise<readonly Placed<ParkedEvent>[]> {
    return this.#collect(place => this.#parts.store.parked({ ...this.#parts.version, ...place }))
  }

  /** What was skipped or dropped, and why. */
  passed(): Promise<readonly Placed<PassedEvent>[]> {
    return this.#collect(place => this.#parts.store.passed({ ...this.#parts.version, ...place }))
  }

  /**
   * Folds the parked events of the keys again, in order, through today's code, together with those that hang together with them
   * by a shared key. What fails again stays parked with what waits behind it.
   *
   * @param keys - none: all that are parked
   */
  retry(keys: readonly string[] = [], options: ParkedOptions = {}): Promise<ParkedAnswer> {
    return this.#ask('retry', keys, 'retried by request', options)
  }

  /**
   * Leaves out the first parked event of each key for good, keeps a record with the reason, and retries the rest.
   *
   * @throws ParkedRequestError without a key or a reason
   */
  drop(keys: readonly string[], reason: string, options: ParkedOptions = {}): Promise<ParkedAnswer> {
    if (keys.length === 0) throw new ParkedRequestError('drop names no key; list() tells what is parked')
    if (reason.trim() === '')
      throw new ParkedRequestError('drop gives no reason; it is kept with what is dropped')
    return this.#ask('drop', keys, reason, options)
  }

  async #ask(
    action: ParkedRequest['action'],
    keys: readonly string[],
    reason: string,
    { at, timeoutMs = DEFAULT_TIMEOUT_MS }: ParkedOptions,
  ): Promise<ParkedAnswer> {
    const parked = await this.list()
    const wanted = parked.filter(event => keys.length === 0 || event.keys.some(key => keys.includes(key)))
    const places = this.#parts.places.filter(
      place => (!at || same(at, place)) && wanted.some(event => same(event, place)),
    )
    const open = new Map<string, LogPlace>()
    for (const { log, partition } of places) {
      const id = randomUUID()
      open.set(id, { log, partition })
      await this.#parts.store.request({ ...this.#parts.version, log, partition, id, action, keys, reason })
    }
    return this.#answers(open, performance.now() + timeoutMs)
  }

  async #answers(open: Map<string, LogPlace>, deadline: number): Promise<ParkedAnswer> {
    const answers: RequestOutcome[] = []
    await this.#parts.requested()
    for (;;) {
      for (const id of open.keys()) {
        const answer = await this.#parts.store.answerTo(this.#parts.version, id)
        if (!answer) continue
        answers.push(answer)
        open.delete(id)
      }
      if (open.size === 0 || performance.now() >= deadline) break
      await sleep(LOOK_EVERY_MS)
    }
    const error = answers.find(answer => answer.error)?.error
    return {
      folded: sum(answers.map(answer => answer.folded)),
      dropped: sum(answers.map(answer => answer.dropped)),
      parked: sum(answers.map(answer => answer.parked)),
      ...(error && { error }),
      open: [...open.values()],
    }
  }

  async #collect<E extends ParkedEvent>(
    of: (place: LogPlace) => Promise<readonly E[]>,
  ): Promise<readonly Placed<E>[]> {
    this.#parts.mustBeOpen()
    const all = this.#parts.places.map(async ({ log, partition }) =>
      (await of({ log, partition })).map(event => ({ ...event, log, partition })),
    )
    return (await Promise.all(all)).flat()
  }
}

function same(a: LogPlace, b: LogPlace): boolean {
  return a.log === b.log && a.partition === b.partition
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
