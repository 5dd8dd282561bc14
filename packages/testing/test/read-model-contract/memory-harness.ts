import { MemoryReadModelStore, type ReadModelStore } from '@hindcast/core'
import type { ReadModelStoreHarness } from '@hindcast/testing'
import type { Plant, PlantedReadModels } from './faults/fault.js'

const healthy: Plant = store => store

/** Opens in-memory stores for the contract suite, with a fault planted into each if one is given. */
export function memoryHarness(plant: Plant = healthy, timeoutMs?: number): ReadModelStoreHarness {
  const opened = new WeakMap<ReadModelStore, PlantedReadModels>()
  const openOn = async (models: PlantedReadModels): Promise<ReadModelStore> => {
    const store = new MemoryReadModelStore(models.tables)
    models.stores.push(store)
    const planted = plant(store, models)
    opened.set(planted, models)
    return planted
  }
  return {
    open: () => openOn({ tables: new Map(), opening: 1, stores: [], notes: new Map() }),
    reopen: async store => {
      await store[Symbol.asyncDispose]()
      const models = opened.get(store)!
      return openOn({ ...models, opening: models.opening + 1 })
    },
    second: store => openOn(opened.get(store)!),
    sql: false,
    ...(timeoutMs !== undefined && { timeoutMs }),
  }
}
