import type { Newable } from '../message/message.js'
import { FieldDefinitionError } from './errors.js'
import type { FieldType } from './field-type.js'

/** How a value is rebuilt from plain JSON: a Date, a bigint, an instance of a class, or a list of one of these. */
export type FieldShape =
  | { readonly kind: 'date' }
  | { readonly kind: 'bigint' }
  | { readonly kind: 'class'; readonly type: () => Newable }
  | { readonly kind: 'list'; readonly of: () => FieldShape }

/** What JSON has already. */
const BUILT_IN: readonly unknown[] = [Object, Function, String, Number, Boolean, Symbol]

/** Classes whose content is not in their properties. */
const OPAQUE: readonly { readonly prototype: object }[] = [
  Array,
  Map,
  Set,
  WeakMap,
  WeakSet,
  Date,
  RegExp,
  Error,
  Promise,
  ArrayBuffer,
  DataView,
  Object.getPrototypeOf(Uint8Array) as { readonly prototype: object },
]

/** What a type given to @Field means. @throws FieldDefinitionError when values cannot be rebuilt as it */
export function shapeOf(type: unknown, field: string): FieldShape {
  if (Array.isArray(type)) {
    if (type.length !== 1)
      throw new FieldDefinitionError(field, 'a list is written as [Class], with one class')
    const shape = shapeOf(type[0], field)
    return { kind: 'list', of: () => shape }
  }
  if (type === Date) return { kind: 'date' }
  if (type === BigInt) return { kind: 'bigint' }
  if (typeof type !== 'function')
    throw new FieldDefinitionError(
      field,
      `its type is ${String(type)}; where two files import each other, write @Field(() => Class)`,
    )
  if (type.prototype === undefined) return lazily(type as () => FieldType, field)
  if (BUILT_IN.includes(type))
    throw new FieldDefinitionError(field, `${type.name} needs no declaration; leave @Field out`)
  for (const opaque of OPAQUE)
    if (type === opaque || Object.prototype.isPrototypeOf.call(opaque.prototype, type.prototype as object))
      throw new FieldDefinitionError(
        field,
        `${type.name} does not keep its content in properties; write a list, or a class of your own`,
      )
  return { kind: 'class', type: () => type as unknown as Newable }
}

/** A function's answer may be a list, which only shows when it is asked; classes may not exist before. */
function lazily(give: () => FieldType, field: string): FieldShape {
  let shape: FieldShape | undefined
  const known = (): FieldShape => (shape ??= shapeOf(give(), field))
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
