import { isDeepStrictEqual } from 'node:util'
import {
  SnapshotDamagedError,
  snapshotFingerprint,
  StateNotSerializableError,
  type AggregateDefinition,
  type AggregateReplay,
  type RecordedEvent,
  type Snapshot,
  type SnapshotStore,
} from '@hindcast/core'
import { SnapshotStaleError } from './errors.js'
import type { Problems } from './problems.js'
import type { StreamTable } from './stream-table.js'
import type { VerifiedSnapshots } from './verify-report.js'

/** Which snapshots are compared: so many, the first that are met; or those of a share of the streams, 0 to 1. */
export type SnapshotSample = number | { readonly share: number }

const SHOWN_CHARACTERS = 80

/** Compares snapshots with the states that all events fold to. */
export class SnapshotChecks {
  #found = 0
  #compared = 0

  constructor(
    private readonly store: SnapshotStore,
    private readonly sample: SnapshotSample,
    private readonly table: StreamTable,
    private readonly problems: Problems,
  ) {}

  /** What was done so far. */
  get result(): VerifiedSnapshots {
    return { found: this.#found, compared: this.#compared }
  }

  /** True when the snapshot of a stream is to be looked for. */
  wants(row: number, { snapshots }: AggregateDefinition): boolean {
    if (!snapshots) return false
    return typeof this.sample === 'number'
      ? this.#found < this.sample
      : this.table.share(row) < this.sample.share
  }

  /** Looks whether the stream of this event has a snapshot, and notes its version. @throws what the snapshot store throws */
  async look(event: RecordedEvent, row: number, definition: AggregateDefinition): Promise<void> {
    const snapshot = await this.#load(event, definition)
    if (!snapshot) return
    this.#found++
    this.table.snapshot.set(row, snapshot.version)
  }

  /**
   * Compares the snapshot at the version of this event with the state after it, which may change as soon as this returns.
   *
   * @throws what the snapshot store throws
   */
  compare(
    event: RecordedEvent,
    row: number,
    definition: AggregateDefinition,
    replay: AggregateReplay,
  ): Promise<void> | undefined {
    try {
      return this.#compare(event, row, definition, replay.state)
    } catch (error) {
      if (!(error instanceof StateNotSerializableError)) throw error
      this.problems.ofEvent(event, error)
      return undefined
    }
  }

  async #compare(
    event: RecordedEvent,
    row: number,
    definition: AggregateDefinition,
    state: string,
  ): Promise<void> {
    const snapshot = await this.#load(event, definition)
    // An app that runs may have replaced it by a newer one meanwhile.
    this.table.snapshot.set(row, snapshot?.version ?? -1)
    if (snapshot?.version !== event.version || snapshot.lastEventId !== event.id) return
    this.#compared++
    if (snapshot.state === state) return
    const kept = parsed(snapshot.state)
    if (!kept) {
      const reason = 'its state is no JSON object'
      this.problems.ofEvent(event, new SnapshotDamagedError(event.stream, snapshot.fingerprint, reason))
      return
    }
    const differences = differencesOf(kept, parsed(state)!)
    if (differences.length > 0)
      this.problems.ofEvent(event, new SnapshotStaleError(event, definition.type.name, differences))
  }

  async #load(event: RecordedEvent, definition: AggregateDefinition): Promise<Snapshot | undefined> {
    try {
      return await this.store.load(event.stream, snapshotFingerprint(definition))
    } catch (error) {
      if (!(error instanceof SnapshotDamagedError)) throw error
      this.problems.ofEvent(event, error)
      return undefined
    }
  }
}

function parsed(state: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(state)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Where the order of properties differs nothing does: it may be another after a state was brought back. */
function differencesOf(
  kept: Readonly<Record<string, unknown>>,
  folded: Readonly<Record<string, unknown>>,
): readonly string[] {
  return [...new Set([...Object.keys(kept), ...Object.keys(folded)])]
    .filter(name => !isDeepStrictEqual(kept[name], folded[name]))
    .map(name => `${name} is ${shown(kept[name])} in it and ${shown(folded[name])} folded`)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
