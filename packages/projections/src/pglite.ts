import {
  inspectFolder,
  memoryOwnership,
  startProjections,
  type ProjectionRuntime,
  type ReadModelsFactory,
  type ReadModelsHost,
} from '@hindcast/core'
import { openPglite } from './folder/open-pglite.js'
import { SqlOperations } from './operations/sql-operations.js'
import { SqlReadModelStore } from './store/sql-read-model-store.js'

/**
 * Read models in a folder, in PostgreSQL that runs in a thread of this process: `readModels: pglite('./data/views')`. No
 * server; one process at a time. SQL and tables are those of `postgres()`. Commits survive `kill -9`; after a power cut the
 * folder must be deleted, and its rows are folded again from the log.
 *
 * @throws on opening, ReadModelInUseError when another process uses the folder, ReadModelFolderError when it holds something
 *   else or is damaged, and what startProjections throws.
 */
export function pglite(folder: string): ReadModelsFactory {
  const open = async (host: ReadModelsHost): Promise<ProjectionRuntime> => {
    const database = await openPglite(folder, host.existing)
    const store = new SqlReadModelStore(database)
    const operations = new SqlOperations(host, store, database)
    const ownership = memoryOwnership()
    return startProjections({ host, store, ownershipOf: () => ownership, operations })
  }
  return Object.assign(open, {
    inspect: () => inspectFolder({ name: 'read-model folder', folder, holds: 'copy' }),
  })
}
