import type { Newable } from '../../message/message.js'
import type { FailurePolicy } from '../declare/failure-policy.js'
import type { FoldKind, KeyFunction } from '../declare/fold.js'
import type { RowDefinition } from '../row/row-definition.js'

/** How the rows of one event are folded. */
export interface FoldDefinition {
  /** Rows, or SQL. */
  readonly kind: FoldKind
  /** The event's class. */
  readonly event: Newable
  /** The persisted name of the event. */
  readonly eventName: string
  /** The name of the method. */
  readonly method: string
  /** Names the rows; without it the row of the stream's key. */
  readonly key?: KeyFunction
}

/** How one event is projected with SQL. */
export interface SqlHandlerDefinition {
  /** The event's class. */
  readonly event: Newable
  /** The persisted name of the event. */
  readonly eventName: string
  /** The name of the method. */
  readonly method: string
}

interface AnyProjection {
  readonly type: Newable
  readonly name: string
  readonly version: number
  /** The events it folds. */
  readonly events: readonly Newable[]
  /** The object that its methods are called on, frozen for a row projection. */
  readonly instance: object
  /** What is done with an event that cannot be decoded or folded. */
  readonly onFailure: FailurePolicy
  /** What is wrong with it; empty when it can be used. */
  readonly problems: readonly string[]
}

/** A projection that folds events into rows. */
export interface RowProjectionDefinition extends AnyProjection {
  /** Rows, or SQL. */
  readonly kind: 'rows'
  /** Its rows. */
  readonly row: RowDefinition
  /** By the prototype of the event's class. */
  readonly folds: ReadonlyMap<object, FoldDefinition>
}

/** A projection that runs SQL for each event. */
export interface SqlProjectionDefinition extends AnyProjection {
  /** Rows, or SQL. */
  readonly kind: 'sql'
  /** SQL that makes its tables. */
  readonly tables?: string
  /** How long one call of a handler may take, in milliseconds. */
  readonly handlerTimeoutMs: number
  /** By the prototype of the event's class. */
  readonly handlers: ReadonlyMap<object, SqlHandlerDefinition>
}

/** Everything a class says about the projection it is, collected from its decorators. */
export type ProjectionDefinition = RowProjectionDefinition | SqlProjectionDefinition
