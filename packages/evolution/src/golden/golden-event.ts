import type { AppendMetadata } from '@hindcast/core'

/** An event as a log had it, in a file of golden events. */
export interface GoldenEvent {
  /** The stream id. */
  readonly stream: string
  /** The place in the stream. */
  readonly version: number
  /** The recorded name. */
  readonly type: string
  /** The version of its shape. */
  readonly schemaVersion: number
  /** The event's id. */
  readonly id: string
  /** ISO text. */
  readonly time: string
  /** The id of the command. */
  readonly commandId: string
  /** On whose behalf, and what belongs together. */
  readonly metadata: AppendMetadata
  /** The payload, as plain JSON. */
  readonly data: object
}

/** One file: a real event of one type and version, and what happened to its stream before. */
export interface GoldenFile {
  /** The recorded name. */
  readonly type: string
  /** The version of its shape. */
  readonly schemaVersion: number
  /** Where it was taken. */
  readonly position: string
  /**
   * The stream from its first event to the one that this file is about, which is the last; that one alone where what went
   * before was too long.
   */
  readonly events: readonly GoldenEvent[]
}
