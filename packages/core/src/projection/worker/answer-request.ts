import type { ParkedEvent, PassedEvent } from '../../read-model/parked-event.js'
import type { ParkedRequest, RequestOutcome } from '../../read-model/parked-request.js'
import type { ReadModelStore, ReadModelTx, TransactResult } from '../../read-model/read-model-store.js'
import type { RecordedEvent } from '../../store/event-store.js'
import { offsetOf, type BatchFolder, type FolderParts } from './batch-folder.js'
import { FoldError } from '../fold/fold-errors.js'
import { firstOfEach, hangingTogether, keysOfAll } from '../parking/parked-component.js'
import type { ReadEvent } from '../source/read-event.js'
import { readOffsets } from '../source/read-offsets.js'
import { saidBy, union } from '../parking/sort-batch.js'

const NONE: ReadonlySet<ParkedEvent> = new Set()

/** How many parked events are read from the log at once, and folded in one transaction while none fails. */
const AT_ONCE = 1_000

/** A parked event as the log has it; undefined when the log has it no longer. */
interface Recorded {
  readonly was: ParkedEvent
  readonly recorded: RecordedEvent | undefined
}

/** A parked event, and how today's code reads it. */
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
  readonly #store: Pick<ReadModelStore, 'parked'>
  readonly #request: ParkedRequest
  readonly #failed = new Map<bigint, unknown>()
  readonly #stay: ParkedEvent[] = []
  #blocked: ReadonlySet<string> = new Set()
  #folded = 0
  #dropped = 0

  constructor(
    folder: BatchFolder,
    parts: FolderParts,
    store: Pick<ReadModelStore, 'parked'>,
    request: ParkedRequest,
  ) {
    this.#folder = folder
    this.#parts = parts
    this.#store = store
    this.#request = request
  }

  /**
   * Folds the events in order, through today's upcasters; the checkpoint stays. An event leaves the parked ones in the
   * transaction that folds or drops it. Where one fails again, it and the later ones of its keys stay parked.
   *
   * @returns `'fenced'` when the claim is lost, `'aborted'` when the worker shall end: what is not done yet stays parked
   */
  async run(): Promise<TransactResult | 'aborted'> {
    const { action, keys } = this.#request
    const parked = await this.#store.parked(this.#parts.at)
    const about = new Set(hangingTogether(parked, keys))
    const drop = new Set(action === 'drop' ? firstOfEach([...about], keys) : [])
    const others = parked.filter(event => !about.has(event))
    const retry = [...about].filter(event => !drop.has(event))
    this.#blocked = keysOfAll(others)
    let done = 0
    do {
      const block = await this.#recorded(retry.slice(done, done + AT_ONCE))
      done += block.length
      const result = await this.#foldBlock(block, done === block.length ? drop : NONE, retry.length - done)
      if (result !== 'committed') return result
      if (this.#parts.signal.aborted && done < retry.length) return 'aborted'
    } while (done < retry.length)
    const parkedKeys = keysOfAll([...others, ...this.#stay])
    this.#folder.own({ ...this.#folder.claim, parkedKeys })
    return 'committed'
  }

  /**
   * Folds in one transaction; where an event fails, what is in front of it, and from there on in transactions that begin small
   * and double, so that many failures do not make it fold everything again and again.
   */
  async #foldBlock(
    block: readonly Recorded[],
    drop: ReadonlySet<ParkedEvent>,
    later: number,
  ): Promise<TransactResult> {
    let [done, size] = [0, block.length]
    do {
      const chunk = block.slice(done, done + size)
      const left = block.length - done - chunk.length + later
      const result = await this.#foldChunk(chunk, done === 0 ? drop : NONE, left)
      if (result === 'fenced') return result
      if (result === 'committed') {
        done += chunk.length
        size = this.#failed.has(chunk.at(-1)?.was.offset ?? -1n) ? 1 : size * 2
      } else size = 1 + chunk.findIndex(({ was }) => was.offset === result.failed)
    } while (done < block.length)
    return 'committed'
  }

  /** One transaction, or the event that failed in it. */
  async #foldChunk(
    chunk: readonly Recorded[],
    drop: ReadonlySet<ParkedEvent>,
    left: number,
  ): Promise<TransactResult | { readonly failed: bigint }> {
    const { at, target } = this.#parts
    const { next, epoch } = this.#folder.claim
    const sorted = this.#sort(chunk.map(each => this.#readAgain(each)))
    const events = sorted.fold.flatMap(({ read }) => read!.decoded)
    try {
      const result = await target.apply({ ...at, from: next, epoch, next }, [events], async tx => {
        await this.#keep(tx, sorted, [...drop])
        // What is dropped is never dropped again, also when this is not finished: such a request is answered at once.
        if (left === 0 || drop.size > 0)
          await tx.answer(this.#request.id, this.#outcome(sorted, drop.size, left))
      })
      if (result === 'fenced') return result
    } catch (error) {
      if (!(error instanceof FoldError)) throw error
      const failed = offsetOf(error)
      this.#failed.set(failed, error)
      return { failed }
    }
    this.#folded += sorted.fold.length
    this.#dropped += drop.size
    this.#stay.push(...sorted.stay)
    this.#blocked = sorted.blocked
    return 'committed'
  }

  async #recorded(parked: readonly ParkedEvent[]): Promise<readonly Recorded[]> {
    const offsets = parked.map(event => event.offset)
    const found = await readOffsets(this.#parts.source.store, this.#parts.at.partition, offsets)
    return parked.map((was, index) => ({ was, recorded: found[index] }))
  }

  #readAgain({ was, recorded }: Recorded): Again {
    // Today's code may have no interest in the event any more: then there is nothing to fold.
    return { was, read: recorded && (this.#folder.read([recorded])[0] ?? { recorded, decoded: [] }) }
  }

  #sort(again: readonly Again[]): Sorted {
    const fold: Again[] = []
    const stay: ParkedEvent[] = []
    const blocked = new Set(this.#blocked)
    for (const each of again) {
      const { was, read } = each
      const now = read && this.#folder.keysOf(read)
      const keys = union(was.keys, now?.own ?? [])
      const waits = union(keys, now ? [now.partitionKey] : []).some(key => blocked.has(key))
      const failure =
        now?.failure ?? (this.#failed.has(was.offset) && { error: this.#failed.get(was.offset) })
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

  #outcome(last: Sorted, dropped: number, left: number): RequestOutcome {
    const stay = [...this.#stay, ...last.stay]
    const [first] = stay
    return {
      folded: this.#folded + last.fold.length,
      dropped: this.#dropped + dropped,
      parked: stay.length + left,
      ...(first && { error: { code: first.code, message: first.message } }),
    }
  }
}
