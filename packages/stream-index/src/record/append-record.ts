import type { AppendMetadata } from '@hindcast/core'

/** One append as the index keeps it: whole, its events side by side, placed in its partition. */
export interface AppendRecord {
  /** The partition. */
  readonly partition: number
  /** The offset of its first event; the others follow without a gap. */
  readonly offset: number
  /** Milliseconds since 1970, the time of all its events. */
  readonly time: number
  /** The id of the command. */
  readonly commandId: string
  /** The command's persisted name. */
  readonly command?: string | undefined
  /** JSON text. */
  readonly result?: string | undefined
  /** On whose behalf, and what belongs together. */
  readonly metadata?: AppendMetadata | undefined
  /** At least one; each stream once. */
  readonly writes: readonly RecordedWrite[]
}

/** The events that one append gave to one stream. */
export interface RecordedWrite {
  /** The stream id. */
  readonly stream: string
  /** The version of its first event here; the others follow without a gap. */
  readonly firstVersion: number
  /** At least one. */
  readonly events: readonly RecordedWriteEvent[]
}

/** An event inside a {@link RecordedWrite}. */
export interface RecordedWriteEvent {
  /** The event's id, unique in the log. */
  readonly id: string
  /** The type. */
  readonly type: string
  /** The version of its shape. */
  readonly schemaVersion: number
  /** JSON: its text, or its bytes in UTF-8 where they are at hand. */
  readonly data: string | Uint8Array
}

/** How many events an append has: as many offsets does it take. */
export function countEvents(writes: readonly { readonly events: readonly unknown[] }[]): number {
  let count = 0
  for (const write of writes) count += write.events.length
  return count
}
