import type { EventMeta } from '../message/event-meta.js'
import type { Position } from '../store/position.js'
import type { StreamVersion } from '../store/event-store.js'

/** How one command is executed. */
export interface ExecuteOptions {
  /**
   * Makes repeating safe: the same id, command and key give the first outcome again, in every process and for ever.
   * 1 to 200 characters. Default: a new UUID.
   */
  readonly commandId?: string
  /** Groups everything that belongs to one undertaking. Default: the command id. */
  readonly correlationId?: string
  /** The id of the event or request that caused the command. Default: none. */
  readonly causationId?: string
  /** Takes correlation and causation from the event that caused the command. */
  readonly causedBy?: EventMeta
  /** On whose behalf. */
  readonly actor?: string
  /** For which tenant. */
  readonly tenant?: string
  /** W3C trace context. */
  readonly traceparent?: string
  /** Decides on everything that anybody had acknowledged before the call, at the price of asking the log first. Default false. */
  readonly fresh?: boolean
}

/** The outcome of a command. */
export interface Executed<Result> {
  /** What the handler returned. */
  readonly result: Result
  /** Give it to `view.get(…, { atLeast })` to read your own write. */
  readonly position: Position
  /** The version of the stream's last event after the command. */
  readonly version: StreamVersion
  /** True when the command id had been executed before: these are the first outcome's values. */
  readonly repeated: boolean
}

/** What the hook around every command sees. */
export interface CommandCall {
  /** The command itself. */
  readonly command: object
  /** Its persisted name. */
  readonly name: string
  /** The key of the stream: `acc-1` of `account-acc-1`. */
  readonly key: string
  /** The stream id. */
  readonly stream: string
  /** The id of the command. */
  readonly commandId: string
  /** What the caller passed. */
  readonly options: ExecuteOptions
}

/** Runs around every command: log, time, authorise, refuse by throwing. It calls `next` at most once. */
export type CommandHook = (
  call: CommandCall,
  next: () => Promise<Executed<unknown>>,
) => Promise<Executed<unknown>>
