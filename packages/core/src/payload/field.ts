import type { Newable } from '../message/message.js'

/** How a value is rebuilt from plain JSON: a Date, a bigint, an instance of a class, or a list of one of these. */
export type FieldShape =
  | { readonly kind: 'date' }
  | { readonly kind: 'bigint' }
  | { readonly kind: 'class'; readonly type: () => Newable }
  | { readonly kind: 'list'; readonly of: () => FieldShape }

type Single = Newable | DateConstructor | BigIntConstructor
type Listed = readonly Single[]
/** What @Field takes: a class, `[Class]` for a list, or a function that gives one of them. */
export type FieldType = Single | Listed | (() => Single | Listed)

type ValueOf<F> = F extends DateConstructor
  ? Date
  : F extends BigIntConstructor
    ? bigint
    : F extends readonly (infer Element)[]
      ? readonly ValueOf<Element>[]
      : F extends Newable<infer T>
        ? T
        : F extends () => infer Inner
          ? ValueOf<Inner>
          : never

const declared = new WeakMap<object, Map<string, FieldShape>>()
const collected = new WeakMap<object, ReadonlyMap<string, FieldShape>>()
const NONE: ReadonlyMap<string, FieldShape> = new Map()

/**
 * Says what a property is rebuilt as when it is read from JSON: `@Field(Date)`, `@Field(BigInt)`, `@Field(() => Money)`,
 * `@Field([Money])`. For events, commands, the classes nested in them, and the state of aggregates.
 */
export function Field<const F extends FieldType>(
  type: F,
): <K extends string>(target: { [P in K]?: ValueOf<F> | null | undefined }, property: K) => void {
  return (target, property) => {
    let own = declared.get(target)
    if (!own) declared.set(target, (own = new Map()))
    own.set(property, shapeOf(type))
  }
}

/** The declared properties of a class and its parents. */
export function fieldsOf(type: Newable): ReadonlyMap<string, FieldShape> {
  return fieldsOfPrototype(type.prototype as object)
}

/** The declared properties of a prototype and its parents. */
export function fieldsOfPrototype(prototype: object): ReadonlyMap<string, FieldShape> {
  let fields = collected.get(prototype)
  if (!fields) {
    const chain: (readonly [string, FieldShape])[] = []
    for (
      let p: object | null = prototype;
      p && p !== Object.prototype;
      p = Object.getPrototypeOf(p) as object | null
    )
      chain.unshift(...(declared.get(p) ?? []))
    fields = chain.length === 0 ? NONE : new Map(chain)
    collected.set(prototype, fields)
  }
  return fields
}

/** The shape of a list's elements; for anything else the shape itself. */
export function elementOf(shape: FieldShape | undefined): FieldShape | undefined {
  return shape?.kind === 'list' ? shape.of() : shape
}

/** The class that a shape names. */
export function classOf(shape: FieldShape | undefined): Newable | undefined {
  return shape?.kind === 'class' ? shape.type() : undefined
}

function shapeOf(type: FieldType): FieldShape {
  if (Array.isArray(type)) {
    const [element] = type as Listed
    return { kind: 'list', of: () => shapeOf(element!) }
  }
  if (type === Date) return { kind: 'date' }
  if (type === BigInt) return { kind: 'bigint' }
  if ((type as { prototype?: unknown }).prototype !== undefined)
    return { kind: 'class', type: () => type as Newable }
  return lazily(type as () => Single | Listed)
}

/** A function's answer may be a list, which only shows when it is asked; classes may not exist before. */
function lazily(give: () => Single | Listed): FieldShape {
  let shape: FieldShape | undefined
  const known = (): FieldShape => (shape ??= shapeOf(give()))
  return {
    get kind() {
      return known().kind
    },
    get type() {
      return (known() as { type: () => Newable }).type
    },
    get of() {
      return (known() as { of: () => FieldShape }).of
    },
  } as FieldShape
}
