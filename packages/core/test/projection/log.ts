import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  EventCatalog,
  memory,
  projectionInfo,
  systemClock,
  uuidV7Source,
  type AnyEvent,
  type EventStore,
  type LogSource,
  type MemoryTables,
  type Newable,
  type Position,
  type ProjectionHealth,
  type ProjectionRuntime,
  type ReadModelStore,
} from '../../src/index.js'
import { memoryOwnership } from '../../src/projection/ownership/memory-ownership.js'
import { startProjections } from '../../src/projection/runtime/start-projections.js'
import { MemoryReadModelStore } from '../../src/read-model/memory-read-model-store.js'
import { Closed, Deposited, Opened, Unrelated } from './bank.js'

/** Appends of events to accounts of one log, without any app around it. */
export class BankLog {
  readonly store: EventStore
  readonly #catalog = new EventCatalog([Opened, Deposited, Closed, Unrelated])
  #commands = 0

  private constructor(store: EventStore) {
    this.store = store
  }

  static async open(partitions = 1): Promise<BankLog> {
    const factory = memory({ partitions, logId: 'bank' })
    return new BankLog(await factory({ clock: systemClock, ids: uuidV7Source(), run: 'all' }))
  }

  /** The log as today's build reads it, or another one. */
  source(events: Iterable<Newable<AnyEvent>> = [Opened, Deposited, Closed, Unrelated]): LogSource {
    return { store: this.store, catalog: new EventCatalog(events) }
  }

  /** One append of all the events to one account. */
  append(key: string, ...events: readonly object[]): Promise<Position> {
    return this.appendRecorded(
      key,
      events.map(event => this.#catalog.encode(event)),
    )
  }

  async appendRecorded(
    key: string,
    events: readonly { readonly type: string; readonly schemaVersion: number; readonly data: string }[],
  ): Promise<Position> {
    const commandId = `c${this.#commands++}`
    const result = await this.store.append(
      [
        {
          stream: `account-${key}`,
          expected: 'any',
          events: events.map((event, index) => ({ id: `${commandId}-${index}`, ...event })),
        },
      ],
      { commandId },
    )
    if (result.kind !== 'appended') throw new Error('appends of this log expect nothing')
    return result.position
  }
}

/** Starts projections with workers that think they are alone, on tables that others may use too. */
export function startAlone(
  source: LogSource,
  tables: MemoryTables,
  types: readonly Newable[],
  wrap: (store: ReadModelStore) => ReadModelStore = store => store,
  run: 'all' | 'commands' = 'all',
): Promise<ProjectionRuntime> {
  const ownership = memoryOwnership()
  return startProjections({
    host: { sources: [source], projections: types.map(projectionInfo), run },
    store: wrap(new MemoryReadModelStore(tables)),
    ownershipOf: () => ownership,
  })
}

/** The parked events as `offset: keys`. */
export async function parkedOf(runtime: ProjectionRuntime, type: Newable): Promise<readonly string[]> {
  const parked = await runtime.parked(type).list()
  return parked.map(({ offset, keys }) => `${offset}: ${keys.join(' ')}`)
}

/** Waits until every worker has folded everything there is. */
export async function caughtUp(runtime: ProjectionRuntime): Promise<void> {
  while ((await runtime.health()).some(({ state, lagEvents }) => state !== 'live' || lagEvents > 0))
    await nextTurn()
}

/** A store that does something else in its transactions. */
export function transacting(store: ReadModelStore, transact: ReadModelStore['transact']): ReadModelStore {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'transact') return transact
      const member = target[name as keyof ReadModelStore] as (...args: unknown[]) => unknown
      return member.bind(target)
    },
  })
}

/** The health of the only partition, once it is as wanted. */
export async function healthOnce(
  runtime: ProjectionRuntime,
  wanted: (health: ProjectionHealth) => boolean,
): Promise<ProjectionHealth> {
  for (;;) {
    const health = (await runtime.health())[0]!
    if (wanted(health)) return health
    await nextTurn()
  }
}
