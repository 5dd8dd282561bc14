import type { AnyCommand, AnyEvent, Newable, ResultOf } from '../message/message.js'
import type { ApplyMeta } from '../message/event-meta.js'
import type { Injectable, ServicesOf } from '../container/token.js'
import type { AggregateRoot, EventsKey } from './aggregate-root.js'
import { declareAggregate, declareApplier, declareHandler } from './declarations.js'

/** Settings of an aggregate. */
export interface AggregateOptions {
  /**
   * The partition key of a stream, from its key: streams with one partition key lie in one partition and can be written
   * together. A pure function that never changes once events exist. Default: the whole stream id.
   */
  readonly partitionBy?: (key: string) => string
  /**
   * Takes a snapshot every so many events, and when a load had to fold as many. Default: none. An aggregate with any of the
   * three snapshot options has a snapshot policy: it is loaded from its newest snapshot.
   */
  readonly snapshotEvery?: number
  /** Takes a snapshot of every aggregate in memory when the app stops. Default false. */
  readonly snapshotOnStop?: boolean
  /**
   * The version of what the state means, 1 or more. Raise it when something changed that no field, event or @Apply method
   * shows, such as a function that one of them calls: older snapshots are then not read. Default 1.
   */
  readonly snapshotVersion?: number
}

/** Makes a class an aggregate whose streams are `<category>-<key>`; the category is `[a-z][a-z0-9_]*`. */
export function Aggregate(
  category: string,
  options: AggregateOptions = {},
): (type: new () => AggregateRoot<AnyEvent>) => void {
  return type => declareAggregate(type, { category, ...options })
}

/**
 * Makes a method the handler of a command: it decides on the state and emits events, or throws a DomainError. It may be
 * asynchronous; its result is plain JSON of at most 4 KiB and is given again when the command is repeated.
 */
export function Handle<C extends AnyCommand, const S extends readonly Injectable[] = []>(
  command: Newable<C>,
  options?: { readonly inject: S },
): <M extends (command: C, ...services: ServicesOf<S>) => ResultOf<C> | Promise<ResultOf<C>>>(
  target: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void {
  return (target, method) =>
    declareHandler(target, { command, method: String(method), inject: options?.inject ?? [] })
}

/**
 * Makes a method fold an event into the state: synchronous, without side effects, depending on nothing but the state and
 * the event, because every load runs it again.
 */
export function Apply<E extends AnyEvent>(
  event: Newable<E>,
): <A extends AggregateRoot<AnyEvent>, M extends (event: E, meta: ApplyMeta) => void | undefined>(
  target: [E] extends [A[EventsKey]] ? A : { readonly 'this event is not in AggregateRoot<…>': E },
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void {
  return (target, method) => declareApplier(target, { event, method: String(method) })
}
