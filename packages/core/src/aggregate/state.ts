import { classOf, elementOf, fieldsOf } from '../payload/field.js'
import type { FieldShape } from '../payload/field-shape.js'
import { setField, type Newable } from '../message/message.js'
import type { LoadedAggregate } from './emission.js'
import { StateNotSerializableError } from './errors.js'

/** What JSON cannot say stands in an object of this one key: `{ "$": [kind, value] }`. */
const TAG = '$'
const MAX_DEPTH = 64

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

/**
 * The state of an aggregate as JSON text: its own properties, with Date, bigint, Map, Set, undefined, and the classes
 * named by @Field.
 *
 * @throws StateNotSerializableError that names the property that could not be brought back
 * @internal
 */
export function captureState(root: LoadedAggregate): string {
  const fields = fieldsOf(root.constructor as Newable)
  const plain: Record<string, Plain> = {}
  const fail = (path: string, found: string): never => {
    throw new StateNotSerializableError(root.constructor.name, path, found)
  }
  for (const key of Object.keys(root))
    setField(
      plain,
      key,
      toPlain((root as unknown as Record<string, unknown>)[key], fields?.get(key), key, 0, fail),
    )
  return JSON.stringify(plain)
}

/** Brings a captured state back into an instance; what it does not have is removed. @internal */
export function restoreState(root: LoadedAggregate, state: string): void {
  const fields = fieldsOf(root.constructor as Newable)
  const plain = JSON.parse(state) as Record<string, Plain>
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain))
    throw new TypeError('the state is no JSON object')
  for (const key of Object.keys(root)) if (!Object.hasOwn(plain, key)) Reflect.deleteProperty(root, key)
  for (const key of Object.keys(plain)) setField(root, key, fromPlain(plain[key]!, fields?.get(key)))
}

type Fail = (path: string, found: string) => never

function toPlain(
  value: unknown,
  shape: FieldShape | undefined,
  path: string,
  depth: number,
  fail: Fail,
): Plain {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : tagged('number', Object.is(value, -0) ? '-0' : String(value))
  if (typeof value === 'bigint') return tagged('bigint', String(value))
  if (value === undefined) return tagged('undefined', null)
  if (typeof value !== 'object') return fail(path, `a ${typeof value}`)
  if (depth > MAX_DEPTH) return fail(path, `something nested more than ${MAX_DEPTH} deep, or a cycle`)
  const inner = (v: unknown, step: string): Plain =>
    toPlain(v, elementOf(shape), `${path}${step}`, depth + 1, fail)
  if (Array.isArray(value)) return Array.from(value, (v, i) => inner(v, `[${i}]`))
  if (value instanceof Date) return tagged('date', value.getTime())
  if (value instanceof Map)
    return tagged(
      'map',
      [...value].map(([k, v]) => [inner(k, '<key>'), inner(v, `.get(${String(k)})`)]),
    )
  if (value instanceof Set)
    return tagged(
      'set',
      [...value].map(v => inner(v, '<value>')),
    )
  return objectToPlain(value, shape, path, depth, fail)
}

function objectToPlain(
  value: object,
  shape: FieldShape | undefined,
  path: string,
  depth: number,
  fail: Fail,
): Plain {
  const prototype = Object.getPrototypeOf(value) as object | null
  const isPlain = prototype === Object.prototype || prototype === null
  const type = classOf(shape)
  if (!isPlain && prototype !== type?.prototype) return fail(path, `an instance of ${value.constructor.name}`)
  const fields = isPlain ? undefined : fieldsOf(type!)
  const plain: Record<string, Plain> = {}
  for (const [key, v] of Object.entries(value))
    setField(plain, key, toPlain(v, fields?.get(key), `${path}.${key}`, depth + 1, fail))
  return TAG in plain || prototype === null ? tagged('object', plain) : plain
}

function fromPlain(plain: Plain, shape: FieldShape | undefined): unknown {
  if (plain === null || typeof plain !== 'object') return plain
  if (Array.isArray(plain)) return plain.map((v: Plain) => fromPlain(v, elementOf(shape)))
  const object = plain as { readonly [key: string]: Plain }
  if (!(TAG in object)) return objectFromPlain(object, shape)
  const [kind, value] = object[TAG] as unknown as readonly [string, Plain]
  const element = elementOf(shape)
  switch (kind) {
    case 'number':
      return Number(value)
    case 'bigint':
      return BigInt(value as string)
    case 'undefined':
      return undefined
    case 'date':
      return new Date(value === null ? Number.NaN : (value as number))
    case 'map':
      return new Map((value as Plain[][]).map(([k, v]) => [fromPlain(k!, element), fromPlain(v!, element)]))
    case 'set':
      return new Set((value as Plain[]).map(v => fromPlain(v, element)))
    default:
      return objectFromPlain(value as { readonly [key: string]: Plain }, shape)
  }
}

function objectFromPlain(plain: { readonly [key: string]: Plain }, shape: FieldShape | undefined): object {
  const type = classOf(shape)
  const fields = type && fieldsOf(type)
  const object = Object.create(type ? (type.prototype as object) : Object.prototype) as object
  for (const key of Object.keys(plain)) setField(object, key, fromPlain(plain[key]!, fields?.get(key)))
  return object
}

function tagged(kind: string, value: Plain): Plain {
  return { [TAG]: [kind, value] }
}
