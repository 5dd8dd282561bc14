export { postgres } from './postgres.js'
export type { PostgresOptions } from './postgres-options.js'
export { pglite } from './pglite.js'
export {
  ReadModelBusyError,
  ReadModelChangedError,
  ReadModelFailedError,
  ReadModelFolderError,
  ReadModelInUseError,
  ReadModelNameTakenError,
  ReadModelNewerError,
  ReadModelOptionError,
  ReadModelRefusedError,
  ReadModelUnreachableError,
  SqlNotAwaitedError,
  SqlTransactionError,
} from './error/errors.js'
