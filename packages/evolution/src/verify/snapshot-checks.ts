import { isDeepStrictEqual } from 'node:util'
import {
  isSnapshotAlike,
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

const SHOWN_CHARACTERS = 80
const UNDEFINED = { $: ['undefined', null] }

/** Compares snapshots with the states that all events fold to: also those of builds whose text is another. */
export class SnapshotChecks {
  #found = 0
  #compared = 0
  #ofOtherBuilds = 0

  /** @param share - of how many streams, 0 to 1 */
  constructor(
    private readonly store: SnapshotStore,
    private readonly share: number,
    private readonly table: StreamTable,
    private readonly problems: Problems,
  ) {}

  /** What was done so far. */
  get result(): VerifiedSnapshots {
    return { found: this.#found, compared: this.#compared, ofOtherBuilds: this.#ofOtherBuilds }
  }

  /** True when the snapshots of a stream are to be looked for. */
  wants(row: number, { snapshots }: AggregateDefinition): boolean {
    return snapshots !== undefined && this.table.share(row) < this.share
  }

  /**
   * Looks for snapshots of the stream of this event, and notes the version of the oldest.
   *
   * @throws what the snapshot store throws
   */
  async look(event: RecordedEvent, row: number, definition: AggregateDefinition): Promise<void> {
    const snapshots = await this.#load(event, definition, damage => this.problems.ofEvent(event, damage))
    this.#found += snapshots.length
    this.table.snapshot.set(row, nextOf(snapshots, -1))
  }

  /**
   * Compares the snapshots at the version of this event with the state after it, which may change as soon as this returns.
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
      return this.#compareAt(event, row, definition, replay.state)
    } catch (error) {
      if (!(error instanceof StateNotSerializableError)) throw error
      this.problems.ofEvent(event, error)
      return undefined
    }
  }

  async #compareAt(
    event: RecordedEvent,
    row: number,
    definition: AggregateDefinition,
    state: string,
  ): Promise<void> {
    // Damage was told when they were looked for. An app that runs may have replaced one by a newer one meanwhile.
    const snapshots = await this.#load(event, definition, () => undefined)
    this.table.snapshot.set(row, nextOf(snapshots, event.version))
    for (const snapshot of snapshots)
      if (snapshot.version === event.version && snapshot.lastEventId === event.id)
        this.#compare(event, definition, snapshot, state)
  }

  #compare(event: RecordedEvent, definition: AggregateDefinition, snapshot: Snapshot, state: string): void {
    const isOwn = snapshot.fingerprint === snapshotFingerprint(definition)
    this.#compared++
    if (!isOwn) this.#ofOtherBuilds++
    if (snapshot.state === state) return
    const kept = parsed(snapshot.state)
    if (!kept) {
      const reason = 'its state is no JSON object'
      this.problems.ofEvent(event, new SnapshotDamagedError(event.stream, snapshot.fingerprint, reason))
      return
    }
    const folded = parsed(state)!
    const differences = isOwn ? differencesOf(kept, folded) : differencesOf(defined(kept), defined(folded))
    if (differences.length > 0)
      this.problems.ofEvent(event, new SnapshotStaleError(event, definition.type.name, differences, isOwn))
  }

  /** Those that can be read of the stream's snapshots whose states are of the same kind. */
  async #load(
    { stream }: RecordedEvent,
    definition: AggregateDefinition,
    damaged: (damage: SnapshotDamagedError) => void,
  ): Promise<readonly Snapshot[]> {
    const snapshots: Snapshot[] = []
    for (const fingerprint of await this.store.fingerprints(stream)) {
      if (!isSnapshotAlike(definition, fingerprint)) continue
      try {
        const snapshot = await this.store.load(stream, fingerprint)
        if (snapshot) snapshots.push(snapshot)
      } catch (error) {
        if (!(error instanceof SnapshotDamagedError)) throw error
        damaged(error)
      }
    }
    return snapshots
  }
}

/** The lowest version behind this one that a snapshot is of; -1 for none. */
function nextOf(snapshots: readonly Snapshot[], version: number): number {
  const behind = snapshots.map(snapshot => snapshot.version).filter(each => each > version)
  return behind.length === 0 ? -1 : Math.min(...behind)
}

/** Without what is undefined: whether a field without a value is there depends on the compiler (useDefineForClassFields). */
function defined<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
      isDeepStrictEqual(inner, UNDEFINED) ? [] : [[name, defined(inner)]],
    ),
  ) as T
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
