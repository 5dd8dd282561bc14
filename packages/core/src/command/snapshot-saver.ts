import { SnapshotBacklogError } from '../snapshot/errors.js'
import type { Snapshot, SnapshotStore } from '../snapshot/snapshot-store.js'

/** So many saves are under way at a time; a store writes those together that come together. */
const MAX_RUNNING = 64
/** With so many characters of states waiting, further snapshots are left out. */
const MAX_WAITING_LENGTH = 16_777_216

/** Saves snapshots beside the commands, of each stream the newest; what the store cannot keep up with is left out. @internal */
export class SnapshotSaver {
  readonly #store: SnapshotStore
  readonly #failed: (stream: string, error: unknown) => void
  readonly #waiting = new Map<string, Snapshot>()
  #waitingLength = 0
  #running = 0
  #idle: (() => void)[] = []

  constructor(store: SnapshotStore, failed: (stream: string, error: unknown) => void) {
    this.#store = store
    this.#failed = failed
  }

  add(snapshot: Snapshot): void {
    const { stream, state } = snapshot
    this.#remove(stream)
    if (this.#waitingLength + state.length > MAX_WAITING_LENGTH) {
      this.#failed(stream, new SnapshotBacklogError(stream, this.#waiting.size, this.#waitingLength))
      return
    }
    this.#waiting.set(stream, snapshot)
    this.#waitingLength += state.length
    if (this.#running < MAX_RUNNING) void this.#run()
  }

  /** Resolves when every snapshot was saved, or has failed. */
  async drain(): Promise<void> {
    if (this.#running > 0) await new Promise<void>(resolve => this.#idle.push(resolve))
  }

  async #run(): Promise<void> {
    this.#running++
    for (const [stream, snapshot] of this.#waiting) {
      this.#remove(stream)
      try {
        await this.#store.save(snapshot)
      } catch (error) {
        this.#failed(stream, error)
      }
    }
    if (--this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  #remove(stream: string): void {
    const snapshot = this.#waiting.get(stream)
    if (!snapshot) return
    this.#waiting.delete(stream)
    this.#waitingLength -= snapshot.state.length
  }
}
