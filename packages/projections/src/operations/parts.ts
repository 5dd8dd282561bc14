import type { ReadModelsHost } from '@hindcast/core'
import type { Database } from '../driver/database.js'
import type { SqlReadModelStore } from '../store/sql-read-model-store.js'

/** What operations work on. */
export interface OperationParts {
  readonly store: SqlReadModelStore
  readonly database: Pick<Database, 'name' | 'shared'>
  readonly host: ReadModelsHost
  /** Aborted when the read models are closed. */
  readonly closing: AbortSignal
}
