import {
  startProjections,
  type ProjectionRuntime,
  type ReadModelsFactory,
  type ReadModelsHost,
} from '@hindcast/core'
import { PostgresDatabase } from './driver/postgres-database.js'
import { inspectPostgres } from './inspection/inspect-postgres.js'
import { advisoryOwnership } from './ownership/advisory-ownership.js'
import { postgresAddress, type PostgresOptions } from './postgres-options.js'
import { SqlOperations } from './operations/sql-operations.js'
import { SqlReadModelStore } from './store/sql-read-model-store.js'

/**
 * Read models in PostgreSQL, which processes share: `readModels: postgres('postgres://user@host/shop')`. The partitions of a
 * log are shared among the processes by advisory locks. While the server is away the app starts all the same, and its
 * projections wait for it.
 *
 * @throws ReadModelOptionError for an option that cannot be used; on opening, ReadModelRefusedError, ReadModelChangedError and
 *   what startProjections throws.
 */
export function postgres(options: string | PostgresOptions): ReadModelsFactory {
  const address = postgresAddress(options)
  const open = async (host: ReadModelsHost): Promise<ProjectionRuntime> => {
    const database = new PostgresDatabase(address)
    const ownership = address.ownership ?? advisoryOwnership(database, address.ownerTimeoutMs)
    const store = new SqlReadModelStore(database)
    const operations = new SqlOperations(host, store, database)
    return startProjections({ host, store, ownershipOf: () => ownership, operations })
  }
  return Object.assign(open, { inspect: () => inspectPostgres(options) })
}
