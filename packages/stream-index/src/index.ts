export { openStreamIndex, type StreamIndexOptions } from './index/open-stream-index.js'
export { IndexFolder, openIndexFolder, type IndexTables } from './folder/index-folder.js'
export type { Table } from './environment/table.js'
export type { CommandKey } from './key/command-key.js'
export { writeUuid } from './key/uuid.js'
export type { LogKey } from './key/log-key.js'
export { isPageOf, type PageKey } from './key/page-key.js'
export type { AboutKey } from './key/about-key.js'
export type { StreamIndex } from './index/stream-index.js'
export type { IndexTransaction } from './index/index-transaction.js'
export type { StreamHead } from './index/stream-head.js'
export { decodePartition, encodePartition, type PartitionState } from './index/partition-state.js'
export type { StreamRun } from './index/read-stream.js'
export {
  STREAM_BATCH_EVENTS,
  streamBatches,
  type StreamBatch,
  type StreamBatchReader,
} from './index/stream-batches.js'
export { readText, writeText } from './record/text.js'
export type { LogRun } from './index/read-log.js'
export type { CommitPlace } from './environment/environment.js'
export {
  countEvents,
  type AppendRecord,
  type RecordedWrite,
  type RecordedWriteEvent,
} from './record/append-record.js'
export type { StoredAppend } from './record/stored-append.js'
export type { StoredEvent } from './record/stored-event.js'
export { writesOf, type StoredWrite } from './record/stored-write.js'
export {
  FolderDamagedError,
  FolderUnusableError,
  ForeignFolderError,
  IndexInUseError,
  NewerFormatError,
  OlderFormatError,
} from './folder/errors.js'
export { checkFolder } from './folder/check-folder.js'
export { deleteIndex } from './folder/delete-index.js'
