import type { Position } from '../store/position.js'

/** Where an event stands and where it came from. */
export interface EventMeta {
  readonly id: string
  /** The persisted name of the event as it is read, after upcasting. */
  readonly type: string
  /** `<category>-<key>` */
  readonly stream: string
  readonly category: string
  readonly key: string
  /** The place in the stream, 0 for the first. */
  readonly version: number
  /** Which part of a split event this is, 0 for the first and for events that were not split. */
  readonly part: number
  /** From the Clock port; never runs backwards within a partition. */
  readonly time: Date
  readonly position: Position
  readonly commandId: string
  readonly correlationId?: string
  readonly causationId?: string
  readonly actor?: string
  readonly tenant?: string
  readonly traceparent?: string
}

/** What an @Apply method may know of its event: all but the position, which is not known while a command decides. */
export type ApplyMeta = Omit<EventMeta, 'position'>
