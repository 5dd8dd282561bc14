import type { Newable } from '../message/message.js'
import { shapeOf, type FieldShape } from './field-shape.js'
import type { FieldType, ValueOf } from './field-type.js'

const declared = new WeakMap<object, Map<string, FieldShape>>()
const collected = new WeakMap<object, ReadonlyMap<string, FieldShape>>()
const NONE: ReadonlyMap<string, FieldShape> = new Map()

/**
 * Says what a property is rebuilt as when it is read from JSON: `@Field(Date)`, `@Field(BigInt)`, `@Field(() => Money)`,
 * `@Field([Money])`. For events, commands, the classes nested in them, and the state of aggregates; subclasses inherit it.
 * It only registers: the property stays as it is. Texts, numbers, booleans, plain objects and lists of them need none.
 *
 * @throws FieldDefinitionError when values cannot be rebuilt as the type; for `() => …` when it is first needed
 */
export function Field<const F extends FieldType>(
  type: F,
): <K extends string>(target: { [P in K]?: ValueOf<F> | null | undefined }, property: K) => void {
  return (target, property) => {
    let own = declared.get(target)
    if (!own) declared.set(target, (own = new Map()))
    own.set(property, shapeOf(type, `${target.constructor.name}.${property}`))
  }
}

/** The declared properties of a class and its parents. */
export function fieldsOf(type: Newable): ReadonlyMap<string, FieldShape> {
  return fieldsOfPrototype(type.prototype as object) ?? NONE
}

/** The declared properties of a prototype and its parents; undefined for none. */
export function fieldsOfPrototype(prototype: object): ReadonlyMap<string, FieldShape> | undefined {
  let fields = collected.get(prototype)
  if (!fields) collected.set(prototype, (fields = collect(prototype)))
  return fields.size === 0 ? undefined : fields
}

/** The shape of a list's elements; for anything else the shape itself. */
export function elementOf(shape: FieldShape | undefined): FieldShape | undefined {
  return shape?.kind === 'list' ? shape.of() : shape
}

/** The class that a shape names. */
export function classOf(shape: FieldShape | undefined): Newable | undefined {
  return shape?.kind === 'class' ? shape.type() : undefined
}

function collect(prototype: object): ReadonlyMap<string, FieldShape> {
  const parent = Object.getPrototypeOf(prototype) as object | null
  const inherited = (parent && fieldsOfPrototype(parent)) ?? NONE
  const own = declared.get(prototype)
  return own ? new Map([...inherited, ...own]) : inherited
}
