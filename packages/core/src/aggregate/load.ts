import type { EventCatalog } from '../catalog/event-catalog.js'
import { Ignored } from '../catalog/ignored.js'
import type { EventStore, ReadStreamOptions } from '../store/event-store.js'
import { makePosition, type Position } from '../store/position.js'
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
    }
    last = batch.at(-1)
  }
  return last && makePosition(store.logId, last.partition, last.offset)
}

/** Loads an aggregate: its newest snapshot where it has a policy and one can be had, then the events behind it. @internal */
export async function loadAggregate(
  definition: AggregateDefinition,
  catalog: EventCatalog,
  stream: string,
  key: string,
  store: EventStore,
  newestSnapshot: () => Promise<Snapshot | undefined>,
  options: Pick<ReadStreamOptions, 'fresh'> = {},
): Promise<Loaded> {
  const snapshot = definition.snapshotEvery === undefined ? undefined : await newestSnapshot()
  // A snapshot counts only while the log still has its event: a restored older log must not be outrun by its cache.
  const position = snapshot && (await positionOf(store, stream, snapshot.version))
  if (snapshot && position !== undefined) {
    const { version, state } = snapshot
    return reloadAggregate(definition, catalog, stream, key, store, { version, position, state }, options)
  }
  const root = newAggregate(definition, catalog, stream, key)
  return { root, position: await catchUp(root, store, options) }
}

/** A loaded state that can be gone back to; undefined where it cannot be copied. @internal */
export function copyOf({ root, position }: Loaded): StateCopy | undefined {
  try {
    return { version: root[CONTEXT].version, position, state: captureState(root) }
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
  const root = newAggregate(definition, catalog, stream, key)
  restoreState(root, copy.state)
  root[CONTEXT].version = copy.version
  return { root, position: (await catchUp(root, store, options)) ?? copy.position }
}

async function positionOf(store: EventStore, stream: string, version: number): Promise<Position | undefined> {
  for await (const [event] of store.readStream(stream, { from: version, limit: 1 }))
    if (event) return makePosition(store.logId, event.partition, event.offset)
  return undefined
}
