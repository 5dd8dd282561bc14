import type { AggregateDefinition } from '../aggregate/definition.js'
import { applyEvent, type LoadedAggregate } from '../aggregate/emission.js'
import { fingerprintOf, structurePart } from '../aggregate/fingerprint.js'
import { newAggregate } from '../aggregate/load.js'
import { captureState, restoreState } from '../aggregate/state.js'
import type { EventCatalog } from '../catalog/event-catalog.js'
import type { ApplyMeta } from '../message/event-meta.js'

/** An aggregate that is folded event by event and takes no commands: for tools that check logs and snapshots. */
export class AggregateReplay {
  readonly #root: LoadedAggregate

  /**
   * @param definition - one of `readersOf(…).aggregates`
   * @param catalog - of the same readers
   * @param stream - an id of its category
   * @param state - what {@link AggregateReplay.state} gave before; default: the state before the first event
   * @throws TypeError or SyntaxError when the state cannot be brought back
   */
  constructor(definition: AggregateDefinition, catalog: EventCatalog, stream: string, state?: string) {
    this.#root = newAggregate(definition, catalog, stream, stream.slice(stream.indexOf('-') + 1))
    if (state !== undefined) restoreState(this.#root, state)
  }

  /**
   * Folds one event.
   *
   * @throws EventNotAppliedError, AsyncApplyError, and whatever the @Apply method throws; the state is then of no use
   */
  apply(event: object, meta: ApplyMeta): void {
    applyEvent(this.#root, event, meta)
  }

  /** The state as JSON text, as a snapshot keeps it. @throws StateNotSerializableError */
  get state(): string {
    return captureState(this.#root)
  }
}

/**
 * Names the code that the snapshots of an aggregate belong to: a snapshot with another fingerprint is never loaded.
 *
 * @param definition - one of `readersOf(…).aggregates`
 */
export function snapshotFingerprint(definition: AggregateDefinition): string {
  return fingerprintOf(definition)
}

/**
 * True when a snapshot of this fingerprint has a state of the same kind as those of the aggregate: its class declares the same,
 * and only its text may differ, as the same code does from two compilers. Such a snapshot can be compared, not loaded.
 *
 * @param definition - one of `readersOf(…).aggregates`
 * @param fingerprint - one of `SnapshotStore.fingerprints`
 */
export function isSnapshotAlike(definition: AggregateDefinition, fingerprint: string): boolean {
  return structurePart(fingerprint) === structurePart(fingerprintOf(definition))
}
