import type { AggregateDefinition } from '../aggregate/definition.js'
import type { SnapshotStore } from '../snapshot/snapshot-store.js'

/** Finds out once for each aggregate that its snapshots are of other builds, so that loads are slow for a while. @internal */
export class OtherBuilds {
  readonly #told = new WeakSet<AggregateDefinition>()

  constructor(
    private readonly store: SnapshotStore,
    private readonly tell: (stream: string, aggregate: AggregateDefinition) => void,
    private readonly failed: (stream: string, error: unknown) => void,
  ) {}

  /** Looks, beside the command, why a stream has no snapshot of this build. */
  look(stream: string, aggregate: AggregateDefinition): void {
    if (!this.#told.has(aggregate)) void this.#look(stream, aggregate)
  }

  async #look(stream: string, aggregate: AggregateDefinition): Promise<void> {
    try {
      const fingerprints = await this.store.fingerprints(stream)
      if (fingerprints.length === 0 || this.#told.has(aggregate)) return
      this.#told.add(aggregate)
      this.tell(stream, aggregate)
    } catch (error) {
      this.failed(stream, error)
    }
  }
}
