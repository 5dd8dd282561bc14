import type { RecordedEvent } from '@hindcast/core'

/** An event of an export: as its log held it, and what a log with other partitions needs to know. */
export interface ExportedEvent extends RecordedEvent {
  /** The log that it is from. */
  readonly logId: string
  /** Decides the partition in every log. */
  readonly partitionKey: string
  /** The persisted name of its command, where it was given. */
  readonly command?: string
  /** The result of its command as JSON text, where there was one. */
  readonly result?: string
}
