import type { Newable } from '../message/message.js'
import { PayloadError } from './errors.js'
import { fieldsOfPrototype, type FieldShape } from './field.js'

/** Makes instances of one class from plain JSON without running its constructor. */
interface Reviver {
  readonly Shell: new () => object
  /** Names that assignment could not set: accessors and methods of the class, and `__proto__`. */
  readonly inherited: ReadonlySet<string>
  readonly shapes: readonly (readonly [string, FieldShape])[]
}

const revivers = new WeakMap<object, Reviver>()

/**
 * The payload of a JSON text as an instance of its class. Fields that the class does not know are kept.
 *
 * @param what - names the message in errors
 * @throws PayloadError when the text is no JSON object, or a value cannot be what @Field says
 */
export function decodePayload<T extends object>(type: Newable<T>, data: string, what: string): T {
  return revivePayload(type, parseObject(data, what), what)
}

/** Plain data as an instance of its class; values that are rebuilt already are kept. @throws PayloadError */
export function revivePayload<T extends object>(type: Newable<T>, plain: object, what: string): T {
  return revive(type.prototype as object, plain, what, '') as T
}

/** The JSON object of a text. @throws PayloadError when it is damaged or no object */
export function parseObject(data: string, what: string): object {
  let plain: unknown
  try {
    plain = JSON.parse(data)
  } catch (cause) {
    throw new PayloadError(what, '', 'the data is no JSON', { cause })
  }
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain))
    throw new PayloadError(what, '', 'the data is JSON, but no object')
  return plain
}

function revive(prototype: object, plain: object, what: string, path: string): object {
  const { Shell, inherited, shapes } = reviverOf(prototype)
  const object = new Shell() as Record<string, unknown>
  for (const key of Object.keys(plain)) {
    const value = (plain as Record<string, unknown>)[key]
    if (inherited.has(key))
      Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
    else object[key] = value
  }
  for (let i = 0; i < shapes.length; i++) {
    const [key, shape] = shapes[i]!
    const value = object[key]
    if (value !== undefined && value !== null)
      object[key] = reviveValue(value, shape, what, path === '' ? key : `${path}.${key}`)
  }
  return object
}

function reviveValue(value: unknown, shape: FieldShape, what: string, path: string): unknown {
  switch (shape.kind) {
    case 'date':
      return reviveDate(value, what, path)
    case 'bigint':
      return reviveBigInt(value, what, path)
    case 'list': {
      if (!Array.isArray(value)) throw new PayloadError(what, path, 'it is no list, but @Field says so')
      const element = shape.of()
      return value.map((v, i) => (v === null ? null : reviveValue(v, element, what, `${path}[${i}]`)))
    }
    case 'class': {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new PayloadError(what, path, `it is no object, but @Field says ${shape.type().name}`)
      const prototype = shape.type().prototype as object
      return Object.getPrototypeOf(value) === prototype ? value : revive(prototype, value, what, path)
    }
  }
}

function reviveDate(value: unknown, what: string, path: string): Date {
  const date = value instanceof Date ? value : new Date(typeof value === 'string' ? value : Number.NaN)
  if (Number.isNaN(date.getTime())) throw new PayloadError(what, path, `${JSON.stringify(value)} is no date`)
  return date
}

function reviveBigInt(value: unknown, what: string, path: string): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value)
  throw new PayloadError(what, path, `${JSON.stringify(value)} is no whole number in a text`)
}

function reviverOf(prototype: object): Reviver {
  let reviver = revivers.get(prototype)
  if (!reviver) {
    // A constructor without a body keeps the engine's fast object layout; Object.create would not.
    function Shell(): void {}
    Shell.prototype = prototype
    const inherited = new Set<string>()
    for (let p: object | null = prototype; p; p = Object.getPrototypeOf(p) as object | null)
      for (const name of Object.getOwnPropertyNames(p)) inherited.add(name)
    reviver = {
      Shell: Shell as unknown as new () => object,
      inherited,
      shapes: [...fieldsOfPrototype(prototype)],
    }
    revivers.set(prototype, reviver)
  }
  return reviver
}
