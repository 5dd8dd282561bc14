export { postgres } from './postgres.js'
export type { PostgresOptions } from './postgres-options.js'
export { inspectPostgres } from './inspection/inspect-postgres.js'
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
} from './error/errors.js'
