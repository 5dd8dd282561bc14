import { setField } from '../message/message.js'
import { isWellFormed } from '../store/stream-id.js'
import { PayloadError } from './errors.js'
import { classOf, elementOf, fieldsOfPrototype, type FieldShape } from './field.js'

const MAX_DEPTH = 64

/**
 * The JSON text of a payload, plain: Date as ISO text, bigint as decimal text, nested classes as objects.
 *
 * Guarantee: reading it gives an equal value. Properties that are undefined are left out; -0 is written as 0.
 *
 * @param what - names the message in errors
 * @throws PayloadError that names the path, the value and the remedy
 */
export function encodePayload(payload: object, what: string): string {
  return JSON.stringify(new Encoder(what).fields(payload, Object.getPrototypeOf(payload) as object, '', 0))
}

class Encoder {
  readonly #what: string
  constructor(what: string) {
    this.#what = what
  }

  /** The properties as plain JSON; the object itself where nothing in it needs another form. */
  fields(object: object, prototype: object | null, path: string, depth: number): object {
    const shapes = prototype === null ? undefined : fieldsOfPrototype(prototype)
    let plain: Record<string, unknown> | undefined
    const keys = Object.keys(object)
    if (Object.getOwnPropertySymbols(object).length > 0)
      this.#refuse(path, 'it has symbol properties, which JSON cannot hold')
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!
      const value = (object as Record<string, unknown>)[key]
      const form = this.#value(value, shapes?.get(key), path, key, depth)
      if (key === '__proto__') this.#refuse(path, 'a property called "__proto__" is refused')
      if (plain === undefined && (form !== value || value === undefined)) {
        plain = {}
        for (let k = 0; k < i; k++) setField(plain, keys[k]!, (object as Record<string, unknown>)[keys[k]!])
      }
      if (plain && form !== undefined) setField(plain, key, form)
    }
    if (plain) return plain
    // JSON.stringify would call a method of this name instead of reading the properties.
    return 'toJSON' in object ? { ...object } : object
  }

  #value(value: unknown, shape: FieldShape | undefined, path: string, key: string, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        if (!isWellFormed(value)) this.#refuse(join(path, key), 'the text has half of a surrogate pair')
        if (shape) this.#mismatch(join(path, key), 'a text', shape)
        return value
      case 'boolean':
        if (shape) this.#mismatch(join(path, key), 'a boolean', shape)
        return value
      case 'number':
        if (!Number.isFinite(value)) this.#refuse(join(path, key), `${value} is no JSON number`)
        if (shape) this.#mismatch(join(path, key), 'a number', shape)
        return Object.is(value, -0) ? 0 : value
      case 'undefined':
        return undefined
      case 'bigint':
        if (shape?.kind !== 'bigint')
          this.#refuse(join(path, key), `${value}n is a bigint; mark the property with @Field(BigInt)`)
        return String(value)
      case 'object':
        return value === null ? null : this.#object(value, shape, join(path, key), depth + 1)
      default:
        return this.#refuse(join(path, key), `a ${typeof value} cannot be written`)
    }
  }

  #object(value: object, shape: FieldShape | undefined, path: string, depth: number): unknown {
    if (depth > MAX_DEPTH) this.#refuse(path, `it is nested more than ${MAX_DEPTH} deep, or cyclic`)
    if (Array.isArray(value)) return this.#list(value as unknown[], shape, path, depth)
    if (value instanceof Date) {
      if (shape?.kind !== 'date') this.#refuse(path, 'it is a Date; mark the property with @Field(Date)')
      if (Number.isNaN(value.getTime())) this.#refuse(path, 'it is an invalid Date')
      return value.toISOString()
    }
    const prototype = Object.getPrototypeOf(value) as object | null
    const type = classOf(shape)
    if (type ? prototype !== type.prototype : prototype !== Object.prototype && prototype !== null)
      this.#refuse(
        path,
        `it is ${describe(value, prototype)}, ${type ? `not an instance of ${type.name} as @Field says` : 'and would come back as a plain object; mark the property with @Field(() => Class)'}`,
      )
    return this.fields(value, prototype, path, depth)
  }

  #list(list: readonly unknown[], shape: FieldShape | undefined, path: string, depth: number): unknown {
    if (shape && shape.kind !== 'list') this.#mismatch(path, 'a list', shape)
    if (Object.keys(list).length !== list.length)
      this.#refuse(path, 'the list has holes or properties of its own')
    const element = elementOf(shape)
    let plain: unknown[] | undefined
    for (let i = 0; i < list.length; i++) {
      if (list[i] === undefined) this.#refuse(`${path}[${i}]`, 'undefined in a list would come back as null')
      const form = this.#value(list[i], element, path, `[${i}]`, depth)
      if (form !== list[i]) plain ??= list.slice()
      if (plain) plain[i] = form
    }
    return plain ?? list
  }

  #mismatch(path: string, found: string, shape: FieldShape): never {
    return this.#refuse(
      path,
      `it is ${found}, but @Field says ${shape.kind === 'class' ? classOf(shape)!.name : shape.kind}`,
    )
  }

  #refuse(path: string, reason: string): never {
    throw new PayloadError(this.#what, path, `${reason}. Nothing was written: it would not come back equal`)
  }
}

function join(path: string, key: string): string {
  return key.startsWith('[') || path === '' ? path + key : `${path}.${key}`
}

function describe(value: object, prototype: object | null): string {
  return prototype === Object.prototype || prototype === null
    ? 'a plain object'
    : `an instance of ${value.constructor.name}`
}
