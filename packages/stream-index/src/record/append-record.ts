import type { AppendMetadata } from '@hindcast/core'

/** One append as the index keeps it: whole, its events side by side, placed in its partition. */
export interface AppendRecord {
  readonly partition: number
  /** The offset of its first event; the others follow without a gap. */
  readonly offset: number
  /** Milliseconds since 1970, the time of all its events. */
  readonly time: number
  readonly commandId: string
  readonly command?: string | undefined
  /** JSON text. */
  readonly result?: string | undefined
  readonly metadata?: AppendMetadata | undefined
  /** At least one; each stream once. */
  readonly writes: readonly RecordedWrite[]
}

/** The events that one append gave to one stream. */
export interface RecordedWrite {
  readonly stream: string
  /** The version of its first event here; the others follow without a gap. */
  readonly firstVersion: number
  /** At least one. */
  readonly events: readonly RecordedWriteEvent[]
}

/** An event inside a {@link RecordedWrite}. */
export interface RecordedWriteEvent {
  readonly id: string
  readonly type: string
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
