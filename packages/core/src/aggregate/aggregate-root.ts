import type { AnyEvent, DataOf } from '../message/message.js'
import { contextOf, emitInto } from './emission.js'

declare const EVENTS: unique symbol

// A computed property cannot stand in a class whose declarations are made without type inference; it can in an interface.
/** Carries the event union of an aggregate for the compiler; there is no such property. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface AggregateRoot<E extends AnyEvent> {
  /** For the compiler only. */
  readonly [EVENTS]: E
}

/**
 * The base class of an aggregate. Its type argument is the union of events it may emit; emitting another does not compile.
 *
 * State is what its properties hold; it changes only in @Apply methods. It has a constructor without arguments; services
 * come as further parameters of @Handle methods.
 */
export abstract class AggregateRoot<E extends AnyEvent> {
  /** The key of its stream: `acc-1` of `account-acc-1`. */
  get key(): string {
    return contextOf(this).key
  }

  /**
   * Records an event of the command being handled, and applies it at once. All events of a command are written together
   * or not at all.
   *
   * @throws ValidationError, PayloadError, EventNotAppliedError, EmitOutsideCommandError: nothing of the command is written.
   */
  protected emit<T extends E>(type: new () => T, ...data: DataOf<T>): void {
    emitInto(this, type, data[0])
  }
}

/** The events of an aggregate class. */
export type EventsOf<A> = A extends AggregateRoot<infer E> ? E : never
/** What carries the event union of an aggregate type. */
export type EventsKey = typeof EVENTS
