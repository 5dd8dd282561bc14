export { HindcastError, type ErrorContext, type HindcastErrorOptions } from './error/hindcast-error.js'
export {
  AppendAcrossPartitionsError,
  AppendNotSentError,
  AppendOutcomeUnknownError,
  CommandIdReusedError,
  InvalidAppendError,
  LimitExceededError,
  LogIntegrityError,
  PartitionKeyChangedError,
  PositionError,
  ReadOutOfRangeError,
  StoreClosedError,
  StreamIdError,
  UnknownPartitionError,
  describeExpected,
} from './store/errors.js'
export type {
  AppendMetadata,
  AppendOptions,
  AppendResult,
  Appended,
  Conflict,
  EventStore,
  EventStoreFactory,
  ExpectedVersion,
  LogBatch,
  NewEvent,
  ReadLogOptions,
  ReadStreamOptions,
  RecordedCommand,
  RecordedEvent,
  SkippedRun,
  StoreHost,
  StreamVersion,
  StreamWrite,
} from './store/event-store.js'
export type { Finding, Inspectable, Verdict } from './inspection/finding.js'
export {
  inspectFolder,
  judgeFileSystem,
  judgeFreeBytes,
  type FolderToInspect,
} from './inspection/inspect-folder.js'
export { LIMITS } from './store/limits.js'
export { checkStreamId, isCategory, parseStreamId, streamId } from './store/stream-id.js'
export { partitionOf } from './store/partition.js'
export {
  comparePositions,
  makePosition,
  parsePosition,
  positionFrom,
  type Position,
  type PositionParts,
} from './store/position.js'
export { checkCommandId, checkPartition, prepareAppend, type PreparedAppend } from './store/prepare-append.js'
export { ownCopy, type AppendInput } from './store/own-copy.js'
export { checkReadLog, checkReadStream } from './store/check-read.js'
export { conflictOf, type StreamHead } from './store/conflict.js'
export { eventTime } from './store/event-time.js'
export { repeatedAppend } from './store/repeated-append.js'
export { memory, type MemoryOptions } from './memory/memory-store.js'
export { MemoryOptionError } from './memory/errors.js'
export { systemClock, type Clock } from './time/clock.js'
export { uuidV7Source, type IdSource } from './identity/id-source.js'
export type { OwnershipMember, PartitionOwnership } from './projection/ownership/partition-ownership.js'
export { SNAPSHOT_BUILDS, type Snapshot, type SnapshotStore } from './snapshot/snapshot-store.js'
export { MessageDefinitionError } from './message/errors.js'
export {
  Command,
  Event,
  messageInfo,
  type AnyCommand,
  type AnyEvent,
  type CommandOf,
  type DataOf,
  type EventOf,
  type EventOptions,
  type Fields,
  type MessageFactory,
  type MessageInfo,
  type Newable,
  type ResultOf,
} from './message/message.js'
export type { ApplyMeta, EventMeta } from './message/event-meta.js'
export { Field, fieldsOf } from './payload/field.js'
export type { FieldShape } from './payload/field-shape.js'
export type { FieldType } from './payload/field-type.js'
export type { Rebuildable, RebuildableFields } from './payload/plain.js'
export { FieldDefinitionError, PayloadError } from './payload/errors.js'
export {
  upcast,
  type Chain,
  type RetiredChain,
  type UpcastEnd,
  type Upcaster,
  type UpcastStep,
} from './upcasting/upcast.js'
export { UpcastError } from './upcasting/errors.js'
export { EventCatalog, type DecodedEvent } from './catalog/event-catalog.js'
export { Ignored } from './catalog/ignored.js'
export {
  EventNewerThanCodeError,
  EventVersionUnreadableError,
  UnknownEventTypeError,
  UnregisteredEventError,
} from './catalog/errors.js'
export { token, type Injectable, type ServicesOf, type Token } from './container/token.js'
export { Aggregate, Apply, Handle, type AggregateOptions } from './aggregate/aggregate.js'
export { AggregateRoot, type EventsKey, type EventsOf } from './aggregate/aggregate-root.js'
export {
  AsyncApplyError,
  DomainError,
  EmitOutsideCommandError,
  EventNotAppliedError,
  StateNotSerializableError,
} from './aggregate/errors.js'
export { ValidationError, type Violation } from './validation/errors.js'
export { validateMessage } from './validation/validate.js'
export {
  CommandResultError,
  CommandTimeoutError,
  ConcurrencyError,
  ReentrantCommandError,
  UnknownCommandError,
} from './command/errors.js'
export type { CommandCall, CommandHook, Executed, ExecuteOptions } from './command/options.js'
export { rehearse, type RehearsalMode, type Rehearsal, type Rehearsed } from './command/rehearse.js'
export { memorySnapshots, type MemorySnapshotsOptions } from './snapshot/memory-snapshots.js'
export { SnapshotBacklogError, SnapshotDamagedError, SnapshotPolicyMissingError } from './snapshot/errors.js'
export type { SnapshotPolicy } from './aggregate/snapshot-policy.js'
export { Hindcast } from './app/hindcast.js'
export { App } from './app/app.js'
export { openReadModels, projectionNamed, type OpenedReadModels } from './app/open-read-models.js'
export type { SourceOptions, StartOptions } from './app/start-options.js'
export type { StopSignal } from './app/stop-on.js'
export type { AppHealth } from './app/health.js'
export type { LogFormat } from './app/log.js'
export {
  AggregateUnknownError,
  AppStoppedError,
  AppStopTimeoutError,
  NotRunHereError,
  StartError,
} from './app/errors.js'
export type {
  AppDiagnostic,
  CommandDiagnostic,
  OtherBuildsDiagnostic,
  SnapshotDiagnostic,
} from './app/diagnostics.js'
export type { AggregateClass, AggregateDefinition, HandlerDefinition } from './aggregate/definition.js'
export { Column, Key, type ColumnOptions } from './projection/declare/column.js'
export type { ColumnType, ColumnTypes, ColumnValue, Row } from './projection/declare/column-types.js'
export {
  Projection,
  type RowProjectionOptions,
  type SqlProjectionOptions,
} from './projection/declare/projection.js'
export { RowProjection, type RowMark, type RowOf } from './projection/declare/row-projection.js'
export {
  Delete,
  Insert,
  Update,
  Upsert,
  type FoldDecorator,
  type FoldKind,
  type FoldOptions,
  type FoldShapes,
  type KeyFunction,
} from './projection/declare/fold.js'
export {
  Project,
  type SqlDecorator,
  type SqlResult,
  type SqlShape,
  type SqlTx,
} from './projection/declare/sql.js'
export type {
  FoldDefinition,
  ProjectionDefinition,
  RowProjectionDefinition,
  SqlHandlerDefinition,
  SqlProjectionDefinition,
} from './projection/definition/definition.js'
export {
  park,
  skip,
  stop,
  type FailurePolicy,
  type RetryOptions,
} from './projection/declare/failure-policy.js'
export { SqlHandlerError, SqlHandlerTimeoutError, SqlTransactionError } from './projection/fold/sql-errors.js'
export {
  ParkedEvents,
  type ParkedAnswer,
  type ParkedOptions,
  type Placed,
} from './projection/parking/parked-events.js'
export { projectionInfo } from './projection/definition/projection-info.js'
export type { ColumnDefinition, RowDefinition } from './projection/row/row-definition.js'
export {
  AsyncFoldError,
  FoldError,
  FoldFailedError,
  type FoldPlace,
  RowExistsError,
  RowKeyError,
  RowMissingError,
  RowSharedError,
  RowValueError,
} from './projection/fold/fold-errors.js'
export type { EventReader } from './projection/source/event-reader.js'
export type { ProjectionHealth, WorkerState } from './projection/runtime/health.js'
export type { LogSource } from './projection/source/log-source.js'
export type {
  ProjectionRuntime,
  ReadModelsFactory,
  ReadModelsHost,
} from './projection/runtime/projection-runtime.js'
export type {
  HaltDiagnostic,
  RetryDiagnostic,
  SetAsideDiagnostic,
  UnattendedDiagnostic,
  WaitingDiagnostic,
} from './projection/diagnostics/channels.js'
export { OwnershipError } from './projection/ownership/errors.js'
export { memoryOwnership } from './projection/ownership/memory-ownership.js'
export type { ParkedEvent, PassedEvent } from './read-model/parked-event.js'
export type { ParkedRequest, RequestOutcome } from './read-model/parked-request.js'
export type { OwnerReport, OwnerState, Standing } from './read-model/standing.js'
export { publishStep, type ProjectionStep, type StepDiagnostic } from './projection/diagnostics/step.js'
export type {
  CheckpointKey,
  Claim,
  EventPlace,
  Fence,
  LoadOptions,
  LogPlace,
  ProjectionVersion,
  ReadModelStore,
  ReadModelTx,
  ReadQuery,
  ReadSnapshot,
  TransactOptions,
  TransactResult,
} from './read-model/read-model-store.js'
export { feedingSources } from './projection/source/feeding-sources.js'
export {
  PartitionWorker,
  type Pace,
  type WorkerParts,
  type WorkerStore,
} from './projection/worker/partition-worker.js'
export type { WorkerStatus } from './projection/worker/worker-standing.js'
export { MovingRate } from './projection/worker/moving-rate.js'
export { FoldTarget } from './projection/fold/fold-target.js'
export type { RowChanges } from './projection/fold/fold-batch.js'
export { rowCodec, type RowCodec } from './projection/row/row-codec.js'
export { compareKeys } from './projection/row/row-key.js'
export { startProjections, type ProjectionParts } from './projection/runtime/start-projections.js'
export { StoreView, type Halt, type ViewLog, type ViewParts } from './read-model/store-view.js'
export { rowSharing, type RowSharing } from './projection/fold/row-sharing.js'
export { MemoryReadModelStore, type MemoryTables } from './read-model/memory-read-model-store.js'
export { memoryReadModels } from './read-model/memory-read-models.js'
export type {
  BuildOptions,
  BuildPhase,
  BuildProgress,
  Cut,
  CutPlace,
  LeftOut,
  PartitionProgress,
} from './read-model/build-progress.js'
export type { Comparison, Difference, TableComparison } from './read-model/comparison.js'
export type {
  AwaitedDifferences,
  BuildStanding,
  CopyOptions,
  CopyResult,
  ReadModelOperations,
  RebuildOptions,
  RebuildResult,
  ReleaseOptions,
  RollbackOptions,
  RollbackResult,
  VersionStanding,
} from './read-model/operations.js'
export type { BuiltQuery, ReadOptions, View } from './read-model/view.js'
export {
  CheckpointBeyondLogError,
  OperationsUnsupportedError,
  ParkedBehindError,
  ParkedRequestError,
  ProjectionDefinitionError,
  ProjectionStoppedError,
  ProjectionUnknownError,
  ReadModelBehindError,
  ReadModelOfAnotherLogError,
  ReadModelParkedError,
  ReadModelShapeError,
  ReadModelMissingError,
  ReadModelSilentError,
  ReadModelsClosedError,
  ReadOptionsError,
  SqlUnsupportedError,
  VersionHeldError,
} from './read-model/errors.js'
export { readersOf, type HistoryParts, type Readers } from './history/parts.js'
export { AggregateReplay, isSnapshotAlike, snapshotFingerprint } from './history/aggregate-replay.js'
export { streamHistory, type HistoryStep, type StreamSource } from './history/stream-history.js'
export { tailLog, type TailOptions } from './history/tail-log.js'
export type { TailedEvent } from './history/tailed-event.js'
export { CategoryUnknownError } from './history/errors.js'
