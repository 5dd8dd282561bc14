import type { ContainerModule } from 'inversify'
import { StartError } from '../app/errors.js'
import { buildRegistry } from '../app/registry.js'
import type { AggregateClass } from '../aggregate/definition.js'
import { CONTEXT } from '../aggregate/context-key.js'
import { applyEvent, type LoadedAggregate } from '../aggregate/emission.js'
import { newAggregate } from '../aggregate/load.js'
import { captureState, restoreState } from '../aggregate/state.js'
import { EventCatalog } from '../catalog/event-catalog.js'
import { loadServices } from '../container/services.js'
import { uuidV7Source } from '../identity/id-source.js'
import type { NewEvent, RecordedEvent } from '../store/event-store.js'
import { StreamPlace } from '../store/placed-write.js'
import { streamId } from '../store/stream-id.js'
import { systemClock } from '../time/clock.js'
import { validateCommand } from '../validation/validate.js'
import { decide } from './decide.js'
import { UnknownCommandError } from './errors.js'

/** How a rehearsal treats the state: as it is; taken from a snapshot before the command; or folded anew after it. */
export type RehearsalMode = 'plain' | 'from-snapshot' | 'refolded'

/** One command to try on one aggregate. */
export interface Rehearsal {
  /** The class to try. */
  readonly aggregate: AggregateClass
  /** The key of the stream: `acc-1` of `account-acc-1`. */
  readonly key: string
  /** The events so far. */
  readonly given: readonly object[]
  /** The command. */
  readonly when: object
  /** inversify modules that bind what the handler injects. */
  readonly modules: readonly ContainerModule[]
  /** How the state is treated. */
  readonly mode: RehearsalMode
}

/** What came of it. */
export interface Rehearsed {
  /** The emitted events, as they would be read from a log. Empty when the command was refused. */
  readonly events: readonly object[]
  /** What the handler returned. */
  readonly result: unknown
  /** The aggregate's own properties afterwards. */
  readonly state: Readonly<Record<string, unknown>>
  /** What refused the command. */
  readonly error: unknown
}

const LOG_ID = 'rehearsal'
const TIMEOUT_MS = 10_000

/**
 * Tries a command on an aggregate without any store: the ground that test kits stand on. All events make the round trip
 * through their JSON.
 *
 * @throws StartError when the declarations are wrong; UnknownCommandError when the aggregate does not handle the command
 */
export async function rehearse(rehearsal: Rehearsal): Promise<Rehearsed> {
  const { aggregate, key, given, when, mode } = rehearsal
  const services = await loadServices(rehearsal.modules)
  try {
    const registry = buildRegistry([aggregate])
    const catalog = new EventCatalog(registry.events as never, [])
    // The catalog's own problems are about older versions of events, which a rehearsal never meets.
    if (registry.problems.length > 0) throw new StartError(registry.problems)
    const route = registry.routes.get(when.constructor)
    if (!route) throw new UnknownCommandError(when.constructor.name)
    const stream = streamId(route.aggregate.category, key)
    const past = given.map((event, i) => record({ id: `given-${i}`, ...catalog.encode(event) }, stream, i))
    const fresh = (): LoadedAggregate => newAggregate(route.aggregate, catalog, stream, key)
    let root = fold(fresh(), catalog, past)
    if (mode === 'from-snapshot') root = throughSnapshot(root, fresh())
    const job = {
      route,
      command: when,
      key,
      stream,
      place: new StreamPlace(stream, stream),
      commandId: 'rehearsal',
      mayRepeat: false,
      metadata: undefined,
      fresh: false,
      startedAt: performance.now(),
      before: undefined,
      after: undefined,
    }
    try {
      await validateCommand(when)
    } catch (error) {
      return { events: [], result: undefined, state: stateOf(root), error }
    }
    const { events, result, failure } = await decide(root, job, {
      clock: systemClock,
      ids: uuidV7Source(),
      resolve: service => services.get(service),
      commandTimeoutMs: TIMEOUT_MS,
    })
    const emitted = events.map((event, i) => record(event, stream, given.length + i))
    const after = mode === 'refolded' && !failure ? fold(fresh(), catalog, [...past, ...emitted]) : root
    return {
      events: emitted.flatMap(event => catalog.decode(event, LOG_ID).map(decoded => decoded.event)),
      result,
      state: stateOf(after),
      error: failure?.error,
    }
  } finally {
    await services.dispose()
  }
}

function record(event: NewEvent, stream: string, version: number): RecordedEvent {
  return {
    ...event,
    stream,
    version,
    partition: 0,
    offset: BigInt(version + 1),
    time: version,
    commandId: `given-${version}`,
    metadata: {},
  }
}

function fold(
  root: LoadedAggregate,
  catalog: EventCatalog,
  events: readonly RecordedEvent[],
): LoadedAggregate {
  for (const recorded of events) {
    catalog.fold(recorded, LOG_ID, (event, meta) => applyEvent(root, event, meta))
    root[CONTEXT].version = recorded.version
  }
  return root
}

function throughSnapshot(root: LoadedAggregate, into: LoadedAggregate): LoadedAggregate {
  restoreState(into, captureState(root))
  into[CONTEXT].version = root[CONTEXT].version
  return into
}

function stateOf(root: LoadedAggregate): Record<string, unknown> {
  return Object.fromEntries(Object.entries(root))
}
