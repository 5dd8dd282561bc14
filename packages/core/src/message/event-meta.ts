import type { Position } from '../store/position.js'

/** Where an event stands and where it came from. */
export interface EventMeta {
  /** The event's id, unique in the log. */
  readonly id: string
  /** The persisted name of the event as it is read, after upcasting. */
  readonly type: string
  /** `<category>-<key>` */
  readonly stream: string
  /** The category of the stream: `account` of `account-acc-1`. */
  readonly category: string
  /** The key of the stream: `acc-1` of `account-acc-1`. */
  readonly key: string
  /** The place in the stream, 0 for the first. */
  readonly version: number
  /** Which part of a split event this is, 0 for the first and for events that were not split. */
  readonly part: number
  /** From the Clock port; never runs backwards within a partition. */
  readonly time: Date
  /** Its place in the log. */
  readonly position: Position
  /** The command that emitted it. */
  readonly commandId: string
  /** What it belongs to. */
  readonly correlationId?: string
  /** The id of what caused it. */
  readonly causationId?: string
  /** On whose behalf. */
  readonly actor?: string
  /** For which tenant. */
  readonly tenant?: string
  /** W3C trace context. */
  readonly traceparent?: string
}

/** What an @Apply method may know of its event: all but the position, which is not known while a command decides. */
export type ApplyMeta = Omit<EventMeta, 'position'>
