import type { Newable } from '../message/message.js'

type Single = Newable | DateConstructor | BigIntConstructor
type Listed = readonly [Single]

/** What @Field takes: a class, `[Class]` for a list, or a function that gives one of them. */
export type FieldType = Single | Listed | (() => Single | readonly Single[])

/** Classes whose values are JSON already, or never can be. */
type NeverDeclared =
  | StringConstructor
  | NumberConstructor
  | BooleanConstructor
  | ObjectConstructor
  | ArrayConstructor
  | MapConstructor
  | SetConstructor

/** The type of the values that @Field rebuilds; `never` where there is nothing to rebuild. */
export type ValueOf<F> = F extends DateConstructor
  ? Date
  : F extends BigIntConstructor
    ? bigint
    : F extends NeverDeclared
      ? never
      : F extends readonly (infer Element)[]
        ? readonly ValueOf<Element>[]
        : F extends Newable<infer T>
          ? T
          : F extends () => infer Inner
            ? ValueOf<Inner>
            : never
