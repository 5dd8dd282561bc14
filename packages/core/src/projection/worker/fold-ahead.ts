import type { ReadModelTx, TransactResult } from '../../read-model/read-model-store.js'
import type { RecordedEvent } from '../../store/event-store.js'
import { isEventFailure, type BatchFolder, type FolderParts } from './batch-folder.js'
import type { AheadWork } from '../fold/folding.js'
import { RowCache } from '../fold/row-cache.js'
import { publishStep } from '../diagnostics/step.js'

/** So many changed rows are worth a transaction … */
const MOST_ROWS = 10_000
/** … or what was folded in so long a time, which is what a process folds again after it was killed. */
const LONGEST_MS = 1_000

/**
 * Folds the events of a partition in memory, ahead of the transactions that write the rows. While one transaction runs, the
 * events behind it are read and folded; a row is written once in a transaction, however many of its events lie in it; and no
 * event is kept.
 *
 * Every event counts once as ever: a transaction moves the checkpoint behind the fence, together with all rows that the
 * events up to there have changed, and begins when the one before is committed. When one is fenced or fails, everything that
 * was folded ahead is forgotten with this object. That needs rows which nobody else changes behind the fence: what is loaded
 * outside of transactions is then what the next transaction would find.
 */
export class FoldAhead {
  readonly #parts: FolderParts
  readonly #folder: BatchFolder
  readonly #rows = new RowCache()
  readonly #load: Pick<ReadModelTx, 'load'>
  #work: AheadWork
  #next: bigint
  /** When the first of what the work has was folded; undefined while it has nothing. */
  #since: number | undefined
  /** The work has a part of what could not be folded whole: it is never written. */
  #isSpoilt = false
  #writing: Promise<TransactResult> = Promise.resolve('committed')

  /** @param folder - its claim says where to go on, and is moved on by every commit */
  constructor(parts: FolderParts, folder: BatchFolder) {
    const { target, at } = parts
    this.#parts = parts
    this.#folder = folder
    this.#load = { load: keys => target.load(at, keys) }
    this.#work = this.#newWork()
    this.#next = folder.claim.next
  }

  /** Whether there is enough for a transaction. */
  get isDue(): boolean {
    if (this.#work.rows >= MOST_ROWS) return true
    return this.#since !== undefined && performance.now() - this.#since > LONGEST_MS
  }

  /**
   * Folds events.
   *
   * @param next - the checkpoint behind the events
   * @returns `'failing'` when one of them cannot be decoded or folded: nothing more is written here, from the checkpoint on
   *   somebody else must go on
   * @throws what went wrong while rows were loaded
   */
  async take(events: readonly RecordedEvent[], next: bigint): Promise<'folded' | 'failing'> {
    this.#since ??= performance.now()
    try {
      await this.#work.fold(this.#load, this.#folder.decode(events))
    } catch (error) {
      this.#isSpoilt = true
      if (!isEventFailure(error)) throw error
      return 'failing'
    }
    this.#next = next
    return 'folded'
  }

  /** Begins a transaction for everything that was folded, when the one before is committed. @returns what became of that one */
  async begin(): Promise<TransactResult> {
    const before = await this.#writing
    const { next: from } = this.#folder.claim
    if (before === 'committed' && this.#next > from && !this.#isSpoilt) {
      this.#writing = this.#commit(this.#work, this.#next)
      this.#writing.catch(() => undefined) // it is thrown where it is awaited, which may be later
      this.#work = this.#newWork()
      this.#since = undefined
    }
    return before
  }

  /** Everything that was folded is committed, or the claim is lost. */
  async flush(): Promise<TransactResult> {
    const before = await this.begin()
    return before === 'committed' ? this.#writing : before
  }

  /** Resolves when no transaction runs. @returns whether all that were begun are committed */
  async settled(): Promise<boolean> {
    return (await this.#writing) === 'committed'
  }

  async #commit(work: AheadWork, next: bigint): Promise<TransactResult> {
    const { claim } = this.#folder
    const fence = { ...this.#parts.at, from: claim.next, epoch: claim.epoch, next }
    work.close()
    publishStep('read', fence)
    publishStep('decoded', fence)
    const result = await this.#parts.target.write(fence, work)
    if (result === 'committed') {
      this.#folder.moved(next)
      publishStep('acknowledged', fence)
    }
    return result
  }

  #newWork(): AheadWork {
    return this.#parts.target.folding.ahead!(this.#rows)
  }
}
