import {
  memory,
  systemClock,
  uuidV7Source,
  type Clock,
  type EventStore,
  type EventStoreFactory,
  type StoreHost,
} from '@hindcast/core'
import type { EventStoreHarness } from '@hindcast/testing'

/** Opens in-memory stores for the contract suite. */
export function memoryHarness(): EventStoreHarness {
  const factories = new WeakMap<EventStore, EventStoreFactory>()
  const openWith = async (factory: EventStoreFactory, clock?: Clock): Promise<EventStore> => {
    const store = await factory(host(clock))
    factories.set(store, factory)
    return store
  }
  return {
    open: ({ clock }) => openWith(memory(), clock),
    reopen: async (store, { clock }) => {
      await store[Symbol.asyncDispose]()
      return openWith(factories.get(store)!, clock)
    },
    second: store => openWith(factories.get(store)!),
  }
}

function host(clock: Clock = systemClock): StoreHost {
  return { clock, ids: uuidV7Source(), run: 'all' }
}
