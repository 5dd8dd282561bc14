import type { EventCatalog } from '../catalog/event-catalog.js'
import { Ignored } from '../catalog/ignored.js'
import type { EventStore, ReadStreamOptions } from '../store/event-store.js'
import { makePosition, type Position } from '../store/position.js'
import { SnapshotDamagedError } from '../snapshot/errors.js'
import type { Snapshot } from '../snapshot/snapshot-store.js'
import type { AggregateDefinition } from './definition.js'
import { applyEvent, type AggregateContext, type LoadedAggregate } from './emission.js'
import { CONTEXT } from './context-key.js'
import { StateNotSerializableError } from './errors.js'
import { captureState, restoreState } from './state.js'

/** A loaded aggregate, and the position of its last event. @internal */
export interface Loaded {
  readonly root: LoadedAggregate
  readonly position: Position | undefined
}

/** A state to go back to. @internal */
export interface StateCopy {
  readonly version: number
  readonly lastEventId: string | undefined
  readonly snapshotVersion: number
  readonly position: Position | undefined
  /** JSON text. */
  readonly state: string
}

/** An empty aggregate of a stream. @internal */
export function newAggregate(
  definition: AggregateDefinition,
  catalog: EventCatalog,
  stream: string,
  key: string,
): LoadedAggregate {
  const root = new definition.type() as unknown as LoadedAggregate
  const context: AggregateContext = {
    definition,
    catalog,
    stream,
    key,
    version: -1,
    lastEventId: undefined,
    snapshotVersion: -1,
    sent: -1,
    recording: undefined,
  }
  return Object.defineProperty(root, CONTEXT, { value: context })
}

/** Folds what the store has beyond the aggregate's version into it. Returns the position of the last event read. @internal */
export async function catchUp(
  root: LoadedAggregate,
  store: EventStore,
  options: Pick<ReadStreamOptions, 'fresh'> = {},
): Promise<Position | undefined> {
  const context = root[CONTEXT]
  const { catalog, stream } = context
  let last
  const sink = (event: object, meta: Parameters<typeof applyEvent>[2]): void => {
    if (!(event instanceof Ignored)) applyEvent(root, event, meta)
  }
  for await (const batch of store.readStream(stream, { from: context.version + 1, ...options })) {
    for (const recorded of batch) {
      catalog.fold(recorded, store.logId, sink)
      context.version = recorded.version
      context.lastEventId = recorded.id
    }
    last = batch.at(-1)
  }
  return last && makePosition(store.logId, last.partition, last.offset)
}

/** Where the newest snapshot of a stream comes from, and who hears that one cannot be used, or that there was none. @internal */
export interface SnapshotSource {
  newest(): Promise<Snapshot | undefined>
  unusable(error: unknown): void
  /** All of so many events had to be folded. */
  none(events: number): void
}

/** Loads an aggregate: its newest snapshot where it has a policy and one can be had, then the events behind it. @internal */
export async function loadAggregate(
  definition: AggregateDefinition,
  catalog: EventCatalog,
  stream: string,
  key: string,
  store: EventStore,
  snapshots: SnapshotSource,
  options: Pick<ReadStreamOptions, 'fresh'> = {},
): Promise<Loaded> {
  const snapshot = definition.snapshots && (await snapshots.newest())
  // A snapshot counts only where the log has the very event it was taken at: a log that was restored older has none there,
  // or, when it went on differently, another one.
  const position = snapshot && (await positionOf(store, snapshot))
  if (snapshot && position !== undefined) {
    const { version, lastEventId, fingerprint, state } = snapshot
    const copy = { version, lastEventId, snapshotVersion: version, position, state }
    let root: LoadedAggregate | undefined
    try {
      root = restored(definition, catalog, stream, key, copy)
    } catch (cause) {
      const reason = 'its state cannot be brought back'
      snapshots.unusable(new SnapshotDamagedError(stream, fingerprint, reason, { cause }))
    }
    if (root) return { root, position: (await catchUp(root, store, options)) ?? position }
  }
  const root = newAggregate(definition, catalog, stream, key)
  const last = await catchUp(root, store, options)
  if (definition.snapshots && !snapshot) snapshots.none(root[CONTEXT].version + 1)
  return { root, position: last }
}

/** A loaded state that can be gone back to; undefined where it cannot be copied. @internal */
export function copyOf({ root, position }: Loaded): StateCopy | undefined {
  try {
    const { version, lastEventId, snapshotVersion } = root[CONTEXT]
    return { version, lastEventId, snapshotVersion, position, state: captureState(root) }
  } catch (error) {
    if (error instanceof StateNotSerializableError) return undefined
    throw error
  }
}

/** Loads an aggregate from a copy of its state and the events behind it. @internal */
export async function reloadAggregate(
  definition: AggregateDefinition,
  catalog: EventCatalog,
  stream: string,
  key: string,
  store: EventStore,
  copy: StateCopy,
  options: Pick<ReadStreamOptions, 'fresh'>,
): Promise<Loaded> {
  const root = restored(definition, catalog, stream, key, copy)
  return { root, position: (await catchUp(root, store, options)) ?? copy.position }
}

function restored(
  definition: AggregateDefinition,
  catalog: EventCatalog,
  stream: string,
  key: string,
  { state, version, lastEventId, snapshotVersion }: StateCopy,
): LoadedAggregate {
  const root = newAggregate(definition, catalog, stream, key)
  restoreState(root, state)
  Object.assign(root[CONTEXT], { version, lastEventId, snapshotVersion })
  return root
}

async function positionOf(
  store: EventStore,
  { stream, version, lastEventId }: Snapshot,
): Promise<Position | undefined> {
  for await (const [event] of store.readStream(stream, { from: version, limit: 1 }))
    if (event?.id === lastEventId) return makePosition(store.logId, event.partition, event.offset)
  return undefined
}
