import { memoryOwnership, startProjections, type ReadModelsFactory } from '@hindcast/core'
import { PostgresDatabase } from './driver/postgres-database.js'
import { postgresAddress, type PostgresOptions } from './postgres-options.js'
import { SqlReadModelStore } from './store/sql-read-model-store.js'

/**
 * Read models in PostgreSQL, which processes share: `readModels: postgres('postgres://user@host/shop')`.
 *
 * @throws ReadModelOptionError for an option that cannot be used; on opening, ReadModelUnreachableError,
 *   ReadModelRefusedError, ReadModelShapeError and what startProjections throws.
 */
export function postgres(options: string | PostgresOptions): ReadModelsFactory {
  const address = postgresAddress(options)
  const ownership = memoryOwnership()
  return async host =>
    startProjections({
      host,
      store: new SqlReadModelStore(new PostgresDatabase(address)),
      ownershipOf: () => ownership,
    })
}
