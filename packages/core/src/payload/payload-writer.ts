import { PayloadError } from './errors.js'
import { classOf, elementOf, fieldsOfPrototype } from './field.js'
import type { FieldShape } from './field-shape.js'
import { quoted, quotedName } from './json-text.js'
import { MAX_DEPTH, MAX_STRUCTURES } from './limits.js'
import { classNameOf, shown, shownPath } from './shown.js'

/**
 * Writes one payload as JSON text, each value in the form that `@Field` reads back, and refuses the others.
 *
 * It makes the text itself: every value is looked at once and written as it was seen, so that neither a getter nor a
 * `toJSON` method can slip in something that was not checked. For a flat event of 190 bytes that costs 1.4 times
 * JSON.stringify; a check followed by JSON.stringify cost 1.8 times.
 *
 * @internal
 */
export class PayloadWriter {
  readonly #what: string
  /** The way from the payload to the value at hand. */
  readonly #path: (string | number)[] = []
  #structures = 0

  constructor(what: string) {
    this.#what = what
  }

  /** @throws PayloadError */
  payload(payload: object): string {
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
      return this.#refuse(`${shown(payload)} is no object with properties`)
    return this.#fields(payload, Object.getPrototypeOf(payload) as object | null)
  }

  #fields(object: object, prototype: object | null): string {
    if (Object.getOwnPropertySymbols(object).length > 0)
      this.#refuse(`it has symbol properties, which JSON cannot hold; leave them out`)
    const shapes = prototype === null ? undefined : fieldsOfPrototype(prototype)
    const keys = Object.keys(object)
    let text = ''
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!
      const value = (object as Record<string, unknown>)[key]
      if (value === undefined) continue
      this.#path.push(key)
      const name = key === '__proto__' ? undefined : quotedName(key)
      if (name === undefined) this.#refuse('a property of this name is refused; rename it')
      text += `${text === '' ? '' : ','}${name}${this.#value(value, shapes?.get(key))}`
      this.#path.pop()
    }
    return `{${text}}`
  }

  #value(value: unknown, shape: FieldShape | undefined): string {
    switch (typeof value) {
      case 'string':
        if (shape) this.#mismatch(value, shape)
        return (
          quoted(value) ??
          this.#refuse(`the text ${shown(value)} has half of a surrogate pair; cut it between characters`)
        )
      case 'number':
        if (shape) this.#mismatch(value, shape)
        if (!Number.isFinite(value))
          this.#refuse(`${value} is no number in JSON; write null, or leave it out`)
        return String(value)
      case 'boolean':
        if (shape) this.#mismatch(value, shape)
        return String(value)
      case 'bigint':
        if (shape?.kind === 'bigint') return `"${value}"`
        return shape
          ? this.#mismatch(value, shape)
          : this.#refuse(`${shown(value)} is a bigint${this.#marked('BigInt')}`)
      case 'object':
        return value === null ? 'null' : this.#structure(value, shape)
      default:
        return this.#refuse(`${shown(value)} cannot be written as JSON; leave it out`)
    }
  }

  #structure(value: object, shape: FieldShape | undefined): string {
    if (this.#path.length > MAX_DEPTH)
      this.#refuse(`it is nested more than ${MAX_DEPTH} deep, or contains itself`)
    if (++this.#structures > MAX_STRUCTURES)
      this.#refuse(
        `there are more than ${MAX_STRUCTURES.toLocaleString('en')} objects and lists, counted as often as they are shared`,
      )
    if (Array.isArray(value)) return this.#list(value as unknown[], shape)
    const prototype = Object.getPrototypeOf(value) as object | null
    if (prototype === Date.prototype) return this.#date(value as Date, shape)
    const type = classOf(shape)
    if (shape && type?.prototype !== prototype) this.#mismatch(value, shape)
    if (!shape && prototype !== Object.prototype && prototype !== null) this.#refuseClass(value)
    return this.#fields(value, prototype)
  }

  #date(date: Date, shape: FieldShape | undefined): string {
    if (!shape) this.#refuse(`${shown(date)} would come back as text${this.#marked('Date')}`)
    if (shape.kind !== 'date') this.#mismatch(date, shape)
    if (Number.isNaN(date.getTime()))
      this.#refuse('an invalid Date cannot be written; write null, or leave it out')
    return `"${date.toISOString()}"`
  }

  #list(list: readonly unknown[], shape: FieldShape | undefined): string {
    if (shape && shape.kind !== 'list') this.#mismatch(list, shape)
    if (Object.getPrototypeOf(list) !== Array.prototype)
      this.#refuse('it is a subclass of Array and would come back as a list; write a plain list')
    const element = elementOf(shape)
    let text = ''
    for (let i = 0; i < list.length; i++) {
      this.#path.push(i)
      const value = list[i]
      if (value === undefined)
        this.#refuse(
          `${i in list ? 'undefined in a list' : 'a hole in a list'} would come back as null; write null, or leave it out`,
        )
      text += i === 0 ? this.#value(value, element) : `,${this.#value(value, element)}`
      this.#path.pop()
    }
    if (Object.keys(list).length !== list.length)
      this.#refuse('the list has properties besides its elements; write a plain list')
    return `[${text}]`
  }

  /** How to declare a value like the one at hand, where a declaration is possible. */
  #marked(type: string): string {
    const inList = typeof this.#path.at(-1) === 'number'
    return `; mark the property with @Field(${inList ? `[${type}]` : type}), in an object of a class`
  }

  #refuseClass(value: object): never {
    if (value instanceof Map || value instanceof Set)
      return this.#refuse(`${shown(value)} would come back empty; write a list`)
    return this.#refuse(
      `${shown(value)} would come back as a plain object; mark the property with @Field(() => ${classNameOf(value) ?? 'Class'}), or write a plain object`,
    )
  }

  #mismatch(value: unknown, shape: FieldShape): never {
    return this.#refuse(`${shown(value)} is not what @Field says, ${described(shape)}`)
  }

  #refuse(reason: string): never {
    throw new PayloadError(this.#what, shownPath(this.#path), reason)
  }
}

function described(shape: FieldShape): string {
  switch (shape.kind) {
    case 'date':
      return 'a Date'
    case 'bigint':
      return 'a bigint'
    case 'class':
      return `an instance of ${shape.type().name} itself`
    case 'list':
      return 'a list'
  }
}
