import type { DecodedEvent } from '../../catalog/event-catalog.js'
import type {
  CheckpointKey,
  Claim,
  Fence,
  ReadModelTx,
  TransactResult,
} from '../../read-model/read-model-store.js'
import type { RecordedEvent } from '../../store/event-store.js'
import { parsePosition } from '../../store/position.js'
import { BackOff } from './back-off.js'
import { projectionChannels, type SetAsideDiagnostic } from '../diagnostics/channels.js'
import { FoldError } from '../fold/fold-errors.js'
import type { FoldTarget } from '../fold/fold-target.js'
import { parkingKeys, type ParkingKeys } from '../parking/parking-keys.js'
import type { LogSource } from '../source/log-source.js'
import { isNewerThanCode, ProjectionReader, type ReadEvent } from '../source/read-event.js'
import { RowCache } from '../fold/row-cache.js'
import { sortBatch, type EventFailure, type SetAside } from '../parking/sort-batch.js'
import { publishStep } from '../diagnostics/step.js'

/** What a batch folder is made of. */
export interface FolderParts {
  readonly at: CheckpointKey
  readonly target: FoldTarget
  readonly source: LogSource
  /** Aborted when the worker shall end. */
  readonly signal: AbortSignal
  /** Called before it waits to try an event again. */
  readonly retrying: (error: unknown) => void
}

const NOTHING: ReadonlyMap<bigint, SetAside> = new Map()

/**
 * Folds batches of one partition behind a claim and does with failing events what the projection's policy says.
 *
 * Every transaction moves the checkpoint behind a whole append. What lies before an append with a failing event is committed
 * first, so that the checkpoint names that append while it is tried again or when the partition stops.
 */
export class BatchFolder {
  readonly #parts: FolderParts
  readonly #reader: ProjectionReader
  readonly #rows = new RowCache()
  #claim: Claim = { next: 0n, epoch: 0n, parkedKeys: new Set() }

  constructor(parts: FolderParts) {
    this.#parts = parts
    this.#reader = new ProjectionReader(parts.source, parts.target.projection.events)
  }

  /** Where it stands. */
  get claim(): Claim {
    return this.#claim
  }

  /** Goes on from a claim, or with other parked keys. */
  own(claim: Claim): void {
    this.#claim = claim
    this.forget()
  }

  /** A transaction has moved the checkpoint. */
  moved(next: bigint): void {
    this.#claim = { ...this.#claim, next }
  }

  /** Loads every row again before it is changed. */
  forget(): void {
    this.#rows.clear()
  }

  /** The events as the projection reads them. */
  read(events: readonly RecordedEvent[]): readonly ReadEvent[] {
    return this.#reader.read(events)
  }

  /** The events of today that the projection folds. @throws Undecodable */
  decode(events: readonly RecordedEvent[]): readonly DecodedEvent[] {
    const all: DecodedEvent[] = []
    for (const { recorded, decoded, failure } of this.read(events)) {
      if (failure) throw new Undecodable({ offset: recorded.offset, error: failure.error })
      for (const event of decoded) all.push(event)
    }
    return all
  }

  keysOf(event: ReadEvent): ParkingKeys {
    const { target, source } = this.#parts
    return parkingKeys(target.folding, source.partitionKeyOf ?? ownStream, event)
  }

  /**
   * Folds the events, and moves the checkpoint to `next`.
   *
   * Where one fails, what is in front of its append goes first, then that append, and from there on transactions begin with one
   * append and double: however many fail, each event is decoded and folded a few times at most.
   *
   * @returns `'fenced'` when the claim is lost, `'aborted'` when the worker shall end before everything is done
   * @throws what a failing event threw, when the policy says stop
   */
  async fold(events: readonly RecordedEvent[], next: bigint): Promise<TransactResult | 'aborted'> {
    const upTo = (end: number): bigint => (end < events.length ? events[end]!.offset : next)
    let [done, size] = [0, events.length]
    do {
      const end = endOfAppend(events, done + size)
      const failure = await this.#commit(events.slice(done, end), upTo(end), NOTHING)
      if (failure === 'fenced') return failure
      if (failure === 'committed') {
        done = end
        size *= 2
        continue
      }
      const [start, behind] = appendAround(events, failure.offset)
      if (start > done) {
        // All events are decoded before any is folded: the part before this failure may hide an earlier one.
        const before = await this.fold(events.slice(done, start), upTo(start))
        if (before !== 'committed') return before
      }
      const failing = await this.#foldAppend(events.slice(start, behind), upTo(behind))
      if (failing !== 'committed') return failing
      done = behind
      size = 1
    } while (done < events.length)
    return 'committed'
  }

  #say(what: Pick<SetAsideDiagnostic, 'checkpoint' | 'parked' | 'passed'>): void {
    const { log: logId, projection, version, partition } = this.#parts.at
    const diagnostic: SetAsideDiagnostic = { logId, projection, version, partition, ...what }
    projectionChannels.setAside.publish(diagnostic)
  }

  /** Folds one append that has a failing event, as the policy says. */
  async #foldAppend(events: readonly RecordedEvent[], next: bigint): Promise<TransactResult | 'aborted'> {
    const { signal, retrying, target } = this.#parts
    const { outcome, retries, minBackOffMs, maxBackOffMs } = target.projection.onFailure
    const setAside = new Map<bigint, SetAside>()
    let backOff = new BackOff(minBackOffMs, maxBackOffMs)
    let tries = 0
    for (;;) {
      const failure = await this.#commit(events, next, setAside)
      if (typeof failure === 'string') return failure
      const { error } = failure
      if (isNewerThanCode(error)) throw error
      if (tries++ < retries) {
        retrying(error)
        await backOff.wait(signal)
        if (signal.aborted) return 'aborted'
      } else if (outcome === 'stop') throw error
      else {
        setAside.set(failure.offset, { error, outcome })
        backOff = new BackOff(minBackOffMs, maxBackOffMs)
        tries = 0
      }
    }
  }

  /** One transaction for the events, or the first of them that fails. */
  #commit(
    events: readonly RecordedEvent[],
    next: bigint,
    setAside: ReadonlyMap<bigint, SetAside>,
  ): Promise<TransactResult | EventFailure> {
    const isPlain = setAside.size === 0 && this.#claim.parkedKeys.size === 0
    return isPlain && events.length > this.#parts.target.folding.partEvents
      ? this.#commitInParts(events, next)
      : this.#commitSorted(events, next, setAside)
  }

  async #commitSorted(
    events: readonly RecordedEvent[],
    next: bigint,
    setAside: ReadonlyMap<bigint, SetAside>,
  ): Promise<TransactResult | EventFailure> {
    const { parkedKeys } = this.#claim
    const sorted = sortBatch(this.read(events), { parkedKeys, setAside, keysOf: event => this.keysOf(event) })
    if ('error' in sorted) return sorted
    const { fold, park, pass } = sorted
    const fence = this.#fence(next)
    publishStep('decoded', fence)
    const besides = async (tx: ReadModelTx): Promise<void> => {
      if (park.length > 0) await tx.park(park)
      if (pass.length > 0) await tx.pass(pass)
    }
    const result = await this.#apply(fence, [fold.flatMap(event => event.decoded)], besides)
    if (result !== 'committed') return result
    this.#claim = { ...this.#claim, parkedKeys: sorted.parkedKeys }
    if (park.length + pass.length > 0) this.#say({ checkpoint: next, parked: park, passed: pass })
    return result
  }

  /** Decodes as it folds: what was decoded is forgotten soon, see {@link Folding.partEvents}. */
  #commitInParts(events: readonly RecordedEvent[], next: bigint): Promise<TransactResult | EventFailure> {
    const fence = this.#fence(next)
    const { partEvents } = this.#parts.target.folding
    const decode = (part: readonly RecordedEvent[]): readonly DecodedEvent[] => this.decode(part)
    const parts = function* (): Iterable<readonly DecodedEvent[]> {
      for (let at = 0; at < events.length; at += partEvents) yield decode(events.slice(at, at + partEvents))
      publishStep('decoded', fence)
    }
    return this.#apply(fence, parts())
  }

  #fence(next: bigint): Fence {
    const { next: from, epoch } = this.#claim
    return { ...this.#parts.at, from, epoch, next }
  }

  async #apply(
    fence: Fence,
    parts: Iterable<readonly DecodedEvent[]>,
    besides?: (tx: ReadModelTx) => Promise<void>,
  ): Promise<TransactResult | EventFailure> {
    try {
      const result = await this.#parts.target.apply(fence, parts, besides, this.#rows)
      if (result === 'committed') {
        this.moved(fence.next)
        publishStep('acknowledged', fence)
      } else this.forget()
      return result
    } catch (error) {
      this.forget()
      if (error instanceof FoldError) return { offset: offsetOf(error), error }
      if (error instanceof Undecodable) return error.event
      throw error
    }
  }
}

/** An event of a part cannot be decoded: the transaction is rolled back. */
class Undecodable extends Error {
  constructor(readonly event: EventFailure) {
    super('an event cannot be decoded')
  }
}

/** Whether it is an event that is at fault: nothing was written. */
export function isEventFailure(error: unknown): boolean {
  return error instanceof FoldError || error instanceof Undecodable
}

/** The place in the log of the event that could not be folded. */
export function offsetOf(error: FoldError): bigint {
  return parsePosition(error.place.meta.position).offset
}

/** Command ids are unique in a partition, so one that repeats in neighbours is one append, which no checkpoint splits. */
function appendAround(events: readonly RecordedEvent[], offset: bigint): readonly [number, number] {
  const index = events.findIndex(event => event.offset === offset)
  const { commandId } = events[index]!
  let start = index
  while (start > 0 && events[start - 1]!.commandId === commandId) start--
  return [start, endOfAppend(events, index + 1)]
}

/** Where the append ends that the event in front of this place belongs to. */
function endOfAppend(events: readonly RecordedEvent[], place: number): number {
  let end = Math.min(place, events.length)
  while (end > 0 && end < events.length && events[end]!.commandId === events[end - 1]!.commandId) end++
  return end
}

function ownStream(stream: string): string {
  return stream
}
