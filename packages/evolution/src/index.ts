export type { Compatibility } from './schema/compatibility.js'
export { SchemaBreakError, SchemaEventUnknownError, SchemaLockError } from './schema/errors.js'
export type { JsonScalar, JsonSchema, JsonType } from './schema/json-schema.js'
export { schemaOf } from './schema/schema-of.js'
export { accepts } from './schema/accepts.js'
export { refusals, type Refusal } from './schema/refusals.js'
export { formatLock, type LockedVersion, type SchemaLock } from './schema/schema-lock.js'
export { parseLock } from './schema/parse-lock.js'
export { DEFAULT_LOCK_FILE, readLock, writeLock } from './schema/lock-file.js'
export type { SchemaOptions } from './schema/schema-options.js'
export type { SchemaFinding } from './schema/schema-finding.js'
export { appSchemas, type AppSchemas, type EventSchema } from './schema/event-schemas.js'
export { checkSchemas } from './schema/check-schemas.js'
export { acceptSchemas, type Accepted, type AcceptOptions } from './schema/accept-schemas.js'
export { lostSchemas } from './schema/lost-schemas.js'
export { unseenFields } from './schema/unseen-fields.js'
export { GoldenFileError, GoldenRedactionError, GoldenReplayError, type GoldenStep } from './golden/errors.js'
export type { GoldenEvent, GoldenFile } from './golden/golden-event.js'
export type { GoldenOptions } from './golden/golden-options.js'
export type { GoldenProblem } from './golden/choose.js'
export { takeGolden, type GoldenTake } from './golden/take.js'
export { goldenCases, type GoldenCase } from './golden/golden-cases.js'
export { replayGolden, type GoldenParts, type Untried } from './golden/replay.js'
export { parseGolden } from './golden/golden-format.js'
export {
  ExportCutError,
  ExportEventError,
  ExportFileError,
  ExportInUseError,
  ExportLineError,
  ImportDisturbedError,
  ImportForeignEventError,
  ImportVersionError,
  type LogDifference,
} from './transfer/errors.js'
export { exportLog, type ExportOptions, type ExportParts, type ExportReport } from './transfer/export-log.js'
export { importLog, type ImportOptions, type ImportReport } from './transfer/import-log.js'
export {
  ApplyFailedError,
  EventTimeError,
  ParkedEventMissingError,
  RecordedEventInvalidError,
  SnapshotStaleError,
  StreamPartitionError,
  StreamVersionError,
  VerifyScratchError,
} from './verify/errors.js'
export { verifyHistory, type VerifyOptions, type VerifyParts } from './verify/verify-history.js'
export type { ReadModelsToVerify } from './verify/read-models.js'
export type {
  VerifiedReadModels,
  VerifiedSkips,
  VerifiedSnapshots,
  VerifiedType,
  VerifyProblem,
  VerifyProgress,
  VerifyReport,
  VoidBatch,
} from './verify/verify-report.js'
