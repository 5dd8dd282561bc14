/** What a JSON value can be; `integer` is a `number` without a fraction. */
export type JsonType = 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string'

/** A JSON value that is equal to another only when it is the same. */
export type JsonScalar = string | number | boolean | null

/**
 * The part of JSON Schema (draft 2020-12) that class-validator's rules come to, and one keyword of our own. What is left out
 * restricts nothing.
 */
export interface JsonSchema {
  /** What the value may be, sorted. */
  readonly type?: readonly JsonType[]
  /** The only values it may have; of an empty list, none. */
  readonly enum?: readonly JsonScalar[]
  /** `date-time`: an ISO text of a Date; `bigint`: a whole number in a text. */
  readonly format?: 'date-time' | 'bigint'
  /** The least number. */
  readonly minimum?: number
  /** The greatest number. */
  readonly maximum?: number
  /** A number below every number. */
  readonly exclusiveMinimum?: number
  /** A number above every number. */
  readonly exclusiveMaximum?: number
  /** The shortest text, in characters. */
  readonly minLength?: number
  /** The longest text, in characters. */
  readonly maxLength?: number
  /** The shortest list. */
  readonly minItems?: number
  /** The longest list. */
  readonly maxItems?: number
  /** Every element of a list. */
  readonly items?: JsonSchema
  /** The fields of an object that anything is known about. */
  readonly properties?: { readonly [field: string]: JsonSchema }
  /** The fields that are there, sorted. */
  readonly required?: readonly string[]
  /** The schema further up that this one is again, as a JSON pointer: a class that contains itself. */
  readonly $ref?: string
  /**
   * Rules that JSON Schema has no word for, as texts: `isEmail`, `matches /^[a-z]+$/`. They are compared by their text. One
   * that begins with `always` also counts where the value is null or missing.
   */
  readonly 'x-rules'?: readonly string[]
}
