import type { Snapshot } from '../snapshot/snapshot-store.js'
import type { AppendResult } from '../store/event-store.js'

/** An append on its way, and what its command comes to when it is durable. @internal */
export class SentAppend {
  #settled = false
  #waiting: (() => void)[] | undefined

  /**
   * @param answer - the store's
   * @param result - of the command
   * @param snapshot - to be saved
   */
  constructor(
    readonly answer: Promise<AppendResult>,
    readonly result: unknown,
    readonly snapshot: Snapshot | undefined,
  ) {}

  /** Notes that its answer came, or that none will. */
  settle(): void {
    this.#settled = true
    if (this.#waiting) for (const resolve of this.#waiting) resolve()
  }

  /** Resolves with {@link settle}. Hardly anybody waits, so there is a promise only for those. */
  async whenSettled(): Promise<void> {
    if (!this.#settled) await new Promise<void>(resolve => (this.#waiting ??= []).push(resolve))
  }
}
