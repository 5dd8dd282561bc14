import {
  memory,
  systemClock,
  uuidV7Source,
  type Clock,
  type EventStore,
  type EventStoreFactory,
} from '@hindcast/core'
import type { EventStoreHarness } from '@hindcast/testing'
import type { Plant, PlantedLog } from './faults/fault.js'

interface Log extends PlantedLog {
  readonly factory: EventStoreFactory
}

const healthy: Plant = store => store

/** Opens in-memory stores for the contract suite, with a fault planted into each if one is given. */
export function memoryHarness(plant: Plant = healthy, timeoutMs?: number): EventStoreHarness {
  const logs = new WeakMap<EventStore, Log>()
  const openOn = async (log: Log): Promise<EventStore> => {
    const store = await log.factory({ clock: log.clock, ids: uuidV7Source(), run: 'all' })
    log.stores.push(store)
    const planted = plant(store, log)
    logs.set(planted, log)
    return planted
  }
  return {
    open: ({ clock = systemClock }) => openOn({ factory: memory(), opening: 1, stores: [], clock }),
    reopen: async (store, { clock = systemClock }: { clock?: Clock }) => {
      await store[Symbol.asyncDispose]()
      const { factory, opening, stores } = logs.get(store)!
      return openOn({ factory, opening: opening + 1, stores, clock })
    },
    second: store => openOn(logs.get(store)!),
    ...(timeoutMs !== undefined && { timeoutMs }),
  }
}
