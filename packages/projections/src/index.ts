export { postgres } from './postgres.js'
export type { PostgresOptions } from './postgres-options.js'
export { inspectPostgres } from './inspection/inspect-postgres.js'
export { pglite } from './pglite.js'
export {
  ReadModelBusyError,
  ReadModelChangedError,
  ReadModelFailedError,
  ReadModelFullError,
  ReadModelFolderError,
  ReadModelInUseError,
  ReadModelNameTakenError,
  ReadModelNewerError,
  ReadModelOlderError,
  ReadModelOptionError,
  ReadModelRefusedError,
  ReadModelUnreachableError,
  SqlNotAwaitedError,
} from './error/errors.js'
export {
  CutError,
  OperationRefusedError,
  RebuildDiffersError,
  RebuildLostError,
  RebuildRunningError,
  RebuildStoppedError,
  SchemaExistsError,
  SwapBlockedError,
  SwapOutcomeUnknownError,
} from './error/operation-errors.js'
