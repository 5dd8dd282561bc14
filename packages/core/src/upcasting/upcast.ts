import type { AnyEvent, Newable } from '../message/message.js'
import type { RebuildableFields } from '../payload/plain.js'

/** Old data in, newer data out. */
export type UpcastStep = (old: never) => unknown

/** What the last version of a chain becomes. */
export type UpcastEnd =
  | { readonly kind: 'current' }
  | { readonly kind: 'split'; readonly into: (old: never) => readonly AnyEvent[] }
  | { readonly kind: 'drop' }

/** How old versions of an event are read today. Made by `upcast`. */
export interface Upcaster<E extends AnyEvent = AnyEvent> {
  /** The event's class; or its name, when it has no class any more. */
  readonly event: Newable<E> | string
  /** The version that the first step takes. */
  readonly from: number
  /** One for each version on the way. */
  readonly steps: readonly UpcastStep[]
  /** What the last version becomes. */
  readonly end: UpcastEnd
}

/** A chain of an event that has no class any more: it is split into other events, or dropped. */
export interface RetiredChain<Current> {
  /** The step to the next version. */
  up<Next extends object>(step: (old: Current) => Next): RetiredChain<Next>
  /** Reads this version as several events of today, at the same position and version, `part` 0, 1 … */
  split(into: (old: Current) => readonly AnyEvent[]): Upcaster
  /** Nobody reads this version any more; it still counts in its stream. */
  drop(): Upcaster
}

/** A chain of an event. */
export interface Chain<E extends AnyEvent, Current> {
  /** The step to the next version. */
  up<Next extends object>(step: (old: Current) => Next): Chain<E, Next>
  /** Reads this version as several events of today, at the same position and version, `part` 0, 1 … */
  split(into: (old: Current) => readonly AnyEvent[]): Upcaster<E>
  /** Nobody reads this version any more; it still counts in its stream. */
  drop(): Upcaster<E>
  /** The end of a chain that has come to today's fields, or to their plain JSON where `@Field` rebuilds them. */
  readonly done: [Current] extends [RebuildableFields<E>]
    ? () => Upcaster<E>
    : { readonly 'the last step does not produce the current fields': Current }
}

/**
 * Says how old versions of an event are read: `upcast(Deposited).from<{ amount: number }>(1).up(…).done()`. Each step takes
 * the plain JSON of one version to the next; a chain that does not end at today's fields does not compile. Steps are pure,
 * synchronous, and total over everything that was ever recorded.
 */
export function upcast<E extends AnyEvent>(event: Newable<E>): { from<V1>(version: number): Chain<E, V1> }
/** Says what becomes of events whose class is gone, by their recorded name. */
export function upcast(retired: string): { from<V1>(version: number): RetiredChain<V1> }
export function upcast(event: Newable<AnyEvent> | string): { from(version: number): unknown } {
  return { from: version => chain(event, version, []) }
}

function chain(event: Newable<AnyEvent> | string, from: number, steps: readonly UpcastStep[]): unknown {
  const end = (of: UpcastEnd): Upcaster => Object.freeze({ event, from, steps, end: of })
  return {
    up: (step: UpcastStep) => chain(event, from, [...steps, step]),
    split: (into: (old: never) => readonly AnyEvent[]) => end({ kind: 'split', into }),
    drop: () => end({ kind: 'drop' }),
    done: () => end({ kind: 'current' }),
  }
}
