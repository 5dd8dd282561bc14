import type { EventMeta } from '../../message/event-meta.js'
import type { AnyEvent, Newable } from '../../message/message.js'
import { declareFold } from './declarations.js'
import type { RowMark, RowProjection } from './row-projection.js'

/** What a fold does to the row of its key. */
export type FoldKind = 'insert' | 'update' | 'upsert' | 'delete'

/** The shapes of fold methods. Each is called once a key, which comes last; null deletes the row. */
export interface FoldShapes<R, E> {
  /** Makes a row that must not exist yet. */
  readonly insert: (event: E, meta: EventMeta, key: string) => R
  /** Changes a row that must exist; null deletes it. */
  readonly update: (row: R, event: E, meta: EventMeta, key: string) => R | null
  /** Makes or changes a row; null deletes it. */
  readonly upsert: (row: R | undefined, event: E, meta: EventMeta, key: string) => R | null
  /** Deletes a row that must exist. */
  readonly delete: (row: R, event: E, meta: EventMeta, key: string) => void
}

/** Settings of a fold. */
export interface FoldOptions<E> {
  /**
   * The keys of the rows that the event changes: one, several (each folded in turn), or none. Default: the key of the
   * event's stream. A pure function; rows it names may be fed from several partitions, between which there is no order.
   */
  readonly key?: (event: E, meta: EventMeta) => string | readonly string[]
}

/** The decorator of a fold method. */
export type FoldDecorator<E, K extends FoldKind> = <
  P extends RowProjection<object>,
  M extends FoldShapes<P[RowMark], E>[K],
>(
  target: P,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void

/** The event makes a row that does not exist yet: `(event, meta) => row`. A row that exists stops with HC_ROW_EXISTS. */
export function Insert<E extends AnyEvent>(
  event: Newable<E>,
  options?: FoldOptions<E>,
): FoldDecorator<E, 'insert'> {
  return fold('insert', event, options)
}

/** The event changes a row that exists: `(row, event, meta) => row`, or null to delete it. Without one: HC_ROW_MISSING. */
export function Update<E extends AnyEvent>(
  event: Newable<E>,
  options?: FoldOptions<E>,
): FoldDecorator<E, 'update'> {
  return fold('update', event, options)
}

/** The event makes or changes a row: `(row | undefined, event, meta) => row`, or null for no row. */
export function Upsert<E extends AnyEvent>(
  event: Newable<E>,
  options?: FoldOptions<E>,
): FoldDecorator<E, 'upsert'> {
  return fold('upsert', event, options)
}

/** The event deletes a row that exists; the method may be empty. Without a row: HC_ROW_MISSING. */
export function Delete<E extends AnyEvent>(
  event: Newable<E>,
  options?: FoldOptions<E>,
): FoldDecorator<E, 'delete'> {
  return fold('delete', event, options)
}

function fold<E, K extends FoldKind>(
  kind: K,
  event: Newable<E>,
  options: FoldOptions<E> | undefined,
): FoldDecorator<E, K> {
  const key = options?.key as KeyFunction | undefined
  return (target, method) =>
    declareFold(target, { kind, event: event as Newable, method: String(method), ...(key && { key }) })
}

/** `FoldOptions.key` after its event type is forgotten. */
export type KeyFunction = (event: object, meta: EventMeta) => string | readonly string[]
