import type { ParkedEvent, PassedEvent } from '../read-model/parked-event.js'
import type { ParkedRequest, RequestOutcome } from '../read-model/parked-request.js'
import type { ReadModelStore, ReadModelTx, TransactResult } from '../read-model/read-model-store.js'
import { offsetOf, type BatchFolder, type FolderParts } from './batch-folder.js'
import { FoldError } from './fold-errors.js'
import { firstOfEach, hangingTogether, keysOfAll } from './parked-component.js'
import type { ReadEvent } from './read-event.js'
import { readOffsets } from './read-offsets.js'
import { saidBy, union } from './sort-batch.js'

/** How many parked events are folded in one transaction. */
const AT_ONCE = 1_000

/** A parked event, and how today's code reads it; undefined when the log has it no longer. */
interface Again {
  readonly was: ParkedEvent
  readonly read: ReadEvent | undefined
}

interface Sorted {
  readonly fold: readonly Again[]
  readonly stay: readonly ParkedEvent[]
  readonly blocked: ReadonlySet<string>
}

/** Does what one request says with the parked events of a partition, behind the claim of its folder. */
export class RequestAnswer {
  readonly #folder: BatchFolder
  readonly #parts: FolderParts
  readonly #store: ReadModelStore
  readonly #request: ParkedRequest
  #folded = 0
  readonly #stay: ParkedEvent[] = []

  constructor(folder: BatchFolder, parts: FolderParts, store: ReadModelStore, request: ParkedRequest) {
    this.#folder = folder
    this.#parts = parts
    this.#store = store
    this.#request = request
  }

  /**
   * Folds the events in order, through today's upcasters; the checkpoint stays. An event leaves the parked ones in the
   * transaction that folds or drops it. Where one fails again, it and the later ones of its keys stay parked.
   *
   * @returns `'fenced'` when the claim is lost, `'aborted'` when the worker shall end: the request stays open
   */
  async run(): Promise<TransactResult | 'aborted'> {
    const { at, signal } = this.#parts
    const parked = await this.#store.parked(at)
    const about = hangingTogether(parked, this.#request.keys)
    const aboutSet = new Set(about)
    const named = this.#request.action === 'drop' ? firstOfEach(about, this.#request.keys) : []
    const drop = new Set(named.map(event => event.offset))
    const others = parked.filter(event => !aboutSet.has(event))
    let blocked: ReadonlySet<string> = keysOfAll(others)
    let done = 0
    do {
      const chunk = about.slice(done, done + AT_ONCE)
      done += chunk.length
      const outcome = done === about.length ? drop.size : undefined
      const sorted = await this.#foldChunk(chunk, drop, blocked, outcome)
      if (sorted === 'fenced') return sorted
      blocked = sorted.blocked
      if (signal.aborted && done < about.length) return 'aborted'
    } while (done < about.length)
    const parkedKeys = keysOfAll([...others, ...this.#stay])
    this.#folder.own({ ...this.#folder.claim, parkedKeys })
    return 'committed'
  }

  /** One transaction; the last one answers the request. */
  async #foldChunk(
    chunk: readonly ParkedEvent[],
    drop: ReadonlySet<bigint>,
    blocked: ReadonlySet<string>,
    dropped: number | undefined,
  ): Promise<Sorted | 'fenced'> {
    const { at, target } = this.#parts
    const { next, epoch } = this.#folder.claim
    const passed = chunk.filter(event => drop.has(event.offset))
    const again = await this.#readAgain(chunk.filter(event => !drop.has(event.offset)))
    const failed = new Map<bigint, unknown>()
    for (;;) {
      const sorted = this.#sort(again, blocked, failed)
      const events = sorted.fold.flatMap(({ read }) => read!.decoded)
      try {
        const result = await target.apply({ ...at, from: next, epoch, next }, [events], async tx => {
          await this.#keep(tx, sorted, passed)
          if (dropped !== undefined) await tx.answer(this.#request.id, this.#outcome(sorted, dropped))
        })
        if (result === 'fenced') return result
        this.#folded += sorted.fold.length
        this.#stay.push(...sorted.stay)
        return sorted
      } catch (error) {
        if (!(error instanceof FoldError)) throw error
        failed.set(offsetOf(error), error)
      }
    }
  }

  async #readAgain(parked: readonly ParkedEvent[]): Promise<readonly Again[]> {
    const { at, source } = this.#parts
    const recorded = await readOffsets(
      source.store,
      at.partition,
      parked.map(event => event.offset),
    )
    return parked.map((was, index) => {
      const found = recorded[index]
      // Today's code may have no interest in the event any more: then there is nothing to fold.
      return { was, read: found && (this.#folder.read([found])[0] ?? { recorded: found, decoded: [] }) }
    })
  }

  #sort(again: readonly Again[], before: ReadonlySet<string>, failed: ReadonlyMap<bigint, unknown>): Sorted {
    const fold: Again[] = []
    const stay: ParkedEvent[] = []
    const blocked = new Set(before)
    for (const each of again) {
      const { was, read } = each
      const now = read && this.#folder.keysOf(read)
      const keys = union(was.keys, now?.own ?? [])
      const waits = union(keys, now ? [now.partitionKey] : []).some(key => blocked.has(key))
      const failure = now?.failure ?? (failed.has(was.offset) && { error: failed.get(was.offset) })
      if (read && !waits && !failure) {
        fold.push(each)
        continue
      }
      const tried = !waits && failure ? { ...saidBy(failure.error), retries: was.retries + 1 } : {}
      stay.push({ ...was, keys, ...tried })
      for (const key of keys) blocked.add(key)
    }
    return { fold, stay, blocked }
  }

  async #keep(tx: ReadModelTx, { fold, stay }: Sorted, dropped: readonly ParkedEvent[]): Promise<void> {
    const { reason } = this.#request
    const passed = dropped.map((event): PassedEvent => ({ ...event, why: 'dropped', reason }))
    const gone = [...fold.map(({ was }) => was), ...dropped].map(event => event.offset)
    if (gone.length > 0) await tx.unpark(gone)
    if (stay.length > 0) await tx.park(stay)
    if (passed.length > 0) await tx.pass(passed)
  }

  #outcome(last: Sorted, dropped: number): RequestOutcome {
    const stay = [...this.#stay, ...last.stay]
    const [first] = stay
    return {
      folded: this.#folded + last.fold.length,
      dropped,
      parked: stay.length,
      ...(first && { error: { code: first.code, message: first.message } }),
    }
  }
}
