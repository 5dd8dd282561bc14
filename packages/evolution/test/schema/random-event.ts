import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDate,
  IsEmail,
  IsEnum,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  MinLength,
  ValidateNested,
  getMetadataStorage,
} from 'class-validator'
import fc from 'fast-check'
import { Event, Field, type AnyEvent, type Newable } from '@hindcast/core'

/** What a random field is. `null` bounds are none. */
export type FieldSpec = { readonly optional: boolean } & (
  | { readonly kind: 'int' | 'number'; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'text'; readonly least: number; readonly most: number | null }
  | { readonly kind: 'email' | 'boolean' | 'date' | 'bigint' }
  | { readonly kind: 'in' | 'enum'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'texts'; readonly least: number; readonly most: number | null; readonly each: number }
  | { readonly kind: 'nested' | 'list'; readonly fields: EventSpec }
)

/** The fields of a random event or of a class nested in it. */
export type EventSpec = { readonly [field: string]: FieldSpec }

const FIELDS = ['a', 'b', 'c'] as const
const bound = fc.option(fc.integer({ min: -3, max: 6 }), { freq: 2 })
const size = fc.option(fc.integer({ min: 1, max: 3 }), { freq: 2 })

const flat = fc.oneof(
  fc.record({ kind: fc.constantFrom('int', 'number'), min: bound, max: bound }),
  fc.record({ kind: fc.constant('text'), least: fc.integer({ min: 0, max: 2 }), most: size }),
  fc.record({ kind: fc.constantFrom('email', 'boolean', 'date', 'bigint') }),
  fc.record({
    kind: fc.constantFrom('in', 'enum'),
    values: fc.uniqueArray(fc.constantFrom('a', 'bb', 'ccc', 1, 2, 2.5), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('texts'),
    least: fc.integer({ min: 0, max: 1 }),
    most: size,
    each: fc.integer({ min: 0, max: 1 }),
  }),
)

function fieldsOf(field: fc.Arbitrary<FieldSpec>): fc.Arbitrary<EventSpec> {
  return fc.dictionary(fc.constantFrom(...FIELDS), field, { maxKeys: 3, noNullPrototype: true })
}

const flatField = fc.tuple(flat, fc.boolean()).map(([spec, optional]) => ({ ...spec, optional }) as FieldSpec)
const nested = fc
  .tuple(fc.constantFrom('nested', 'list'), fieldsOf(flatField), fc.boolean())
  .map(([kind, fields, optional]) => ({ kind, fields, optional }) as FieldSpec)

/** A field of any kind. */
export const anyField: fc.Arbitrary<FieldSpec> = fc.oneof(
  { weight: 4, arbitrary: flatField },
  { weight: 1, arbitrary: nested },
)
/** An event with up to three fields. */
export const anyEvent: fc.Arbitrary<EventSpec> = fieldsOf(anyField)

/** The class of a random event, as a user would have written it. */
export function eventClass(spec: EventSpec, version = 1): Newable<AnyEvent> {
  class Happened extends Event('random.happened', { version }) {}
  declare(Happened.prototype, spec)
  return Happened
}

function declare(prototype: object, spec: EventSpec): void {
  for (const [name, field] of Object.entries(spec))
    for (const decorate of decorators(field)) decorate(prototype, name)
}

function decorators(field: FieldSpec): readonly ((target: object, name: string) => void)[] {
  return [...(field.optional ? [IsOptional()] : []), ...ownDecorators(field)]
}

function ownDecorators(field: FieldSpec): readonly ((target: object, name: string) => void)[] {
  switch (field.kind) {
    case 'int':
    case 'number':
      return [
        ...(field.min === null ? [] : [Min(field.min)]),
        field.kind === 'int' ? IsInt() : IsNumber(),
        ...(field.max === null ? [] : [Max(field.max)]),
      ]
    case 'text':
      return [field.most === null ? MinLength(field.least) : Length(field.least, field.most), IsString()]
    case 'email':
      return [IsEmail()]
    case 'boolean':
      return [IsBoolean()]
    case 'date':
      return [Field(Date) as never, IsDate()]
    case 'bigint':
      return [Field(BigInt) as never]
    case 'in':
      return [IsIn([...field.values])]
    case 'enum':
      return [IsEnum(Object.fromEntries(field.values.map((value, i) => [`K${i}`, value])))]
    case 'texts':
      return [
        IsArray(),
        ArrayMinSize(field.least),
        ...(field.most === null ? [] : [ArrayMaxSize(field.most)]),
        MinLength(field.each, { each: true }),
      ]
    case 'nested':
    case 'list': {
      class Inner {
        known = true
      }
      declare(Inner.prototype, field.fields)
      return [Field((field.kind === 'list' ? [Inner] : Inner) as never) as never, ValidateNested()]
    }
  }
}

const junk = fc.constantFrom<unknown>(
  null,
  0,
  1,
  -4,
  7,
  2.5,
  '',
  'a',
  'bbbb',
  'me@example.org',
  true,
  [],
  [''],
  ['a'],
  {},
  [{}],
  [null],
  { a: null },
)

/** JSON payloads for a random event: mostly as it wants them, with junk in some places and fields that are missing. */
export function payloads(spec: EventSpec, junkFrequency: number): fc.Arbitrary<object> {
  const fields = Object.entries(spec).map(([name, field]) => {
    const value = fc.oneof(
      { weight: 10 - junkFrequency, arbitrary: values(field, junkFrequency) },
      { weight: junkFrequency, arbitrary: junk },
    )
    const isMayBeAbsent =
      field.optional ||
      junkFrequency > 0 ||
      field.kind === 'bigint' ||
      field.kind === 'nested' ||
      field.kind === 'list'
    return fc
      .option(value, { nil: undefined, freq: isMayBeAbsent ? 5 : 1e9 })
      .map(each => [name, each] as const)
  })
  return fc.tuple(...fields).map(all => Object.fromEntries(all.filter(([, value]) => value !== undefined)))
}

function values(field: FieldSpec, junkFrequency: number): fc.Arbitrary<unknown> {
  const own = ownValues(field, junkFrequency)
  return field.optional || field.kind === 'bigint' ? fc.option(own, { freq: 4 }) : own
}

function ownValues(field: FieldSpec, junkFrequency: number): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'int':
    case 'number': {
      const [min, max] = [field.min ?? -5, field.max ?? 8]
      if (min > max || junkFrequency > 0) return fc.constantFrom(-6, -1, 0, 1, 2.5, 7, 9)
      return fc.integer({ min, max })
    }
    case 'text':
      return fc.string({ minLength: field.least, maxLength: Math.max(field.least, field.most ?? 4) })
    case 'email':
      return fc.constantFrom('me@example.org', 'a.b@example.com')
    case 'boolean':
      return fc.boolean()
    case 'date':
      return fc.constantFrom('2026-01-31T12:00:00.000Z', '1969-12-31T23:59:59.999Z')
    case 'bigint':
      return fc.bigInt().map(String)
    case 'in':
    case 'enum':
      return fc.constantFrom(...field.values)
    case 'texts': {
      const most = Math.max(field.least, field.most ?? 3)
      return fc.array(fc.string({ minLength: field.each, maxLength: 3 }), {
        minLength: field.least,
        maxLength: most,
      })
    }
    case 'nested':
      return payloads(field.fields, junkFrequency)
    case 'list':
      return fc.array(payloads(field.fields, junkFrequency), { maxLength: 3 })
  }
}

/**
 * Forgets the rules of all classes declared so far. class-validator looks through all of them for each new class, so that
 * twice the runs would take four times as long.
 */
export function forgetRules(): void {
  const storage = getMetadataStorage() as unknown as {
    readonly validationMetadatas: Map<unknown, unknown>
    readonly constraintMetadatas: Map<unknown, unknown>
  }
  storage.validationMetadatas.clear()
  storage.constraintMetadatas.clear()
}
