import { memoryOwnership } from '../projection/ownership/memory-ownership.js'
import type { ReadModelsFactory } from '../projection/runtime/projection-runtime.js'
import { startProjections } from '../projection/runtime/start-projections.js'
import { MemoryReadModelStore, type MemoryTables } from './memory-read-model-store.js'

/**
 * Read models in memory: row projections without any database, folded anew from the log at every start.
 *
 * The rows belong to the factory: several apps started with one factory share rows, checkpoints and partitions, as several
 * processes share a database.
 */
export function memoryReadModels(): ReadModelsFactory {
  const tables: MemoryTables = new Map()
  const ownership = memoryOwnership()
  return host =>
    startProjections({ host, store: new MemoryReadModelStore(tables), ownershipOf: () => ownership })
}
