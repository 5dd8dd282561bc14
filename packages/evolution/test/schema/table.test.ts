import { readFileSync } from 'node:fs'
import {
  IsArray,
  IsEmail,
  IsEnum,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator'
import { describe, expect, it } from 'vitest'
import { Event, Field, upcast, type AnyEvent, type Newable, type Upcaster } from '@hindcast/core'
import { appSchemas, checkSchemas, schemaOf, type Compatibility } from '@hindcast/evolution'
import { aggregateOf } from './replay.js'

type Decorate = ((target: object, field: string) => void)[]
interface Today {
  readonly event?: Newable<AnyEvent>
  readonly upcasters?: readonly Upcaster[]
}

const NAME = 'thing.happened'
const event = (
  fields: Record<string, Decorate>,
  options: { name?: string; version?: number; formerly?: string[] } = {},
) => {
  class Happened extends Event(options.name ?? NAME, options) {}
  for (const [field, decorators] of Object.entries(fields))
    for (const decorate of decorators) decorate(Happened.prototype, field)
  return Happened
}
const nested = (fields: Record<string, Decorate>): Decorate => {
  class Inner {
    known = true
  }
  for (const [field, decorators] of Object.entries(fields))
    for (const decorate of decorators) decorate(Inner.prototype, field)
  return [Field(Inner as never) as never, ValidateNested()]
}
const text = { a: [IsString()] }
const both = { a: [IsString()], b: [IsInt()] }
const optional = { a: [IsString()], b: [IsInt(), IsOptional()] }
const raised = event(text, { version: 2 })
const step = upcast(raised)
  .from<object>(1)
  .up(() => ({})) as unknown as { done: () => Upcaster }

/** What every row of the table is: the event before, and the code of today. */
const ROWS: Readonly<Record<string, readonly [before: Newable<AnyEvent>, today: Today | Newable<AnyEvent>]>> =
  {
    'an optional field is added': [event(text), event(optional)],
    'a required field is added': [event(text), event(both)],
    'an optional field is removed': [event(optional), event(text)],
    'a required field is removed': [event(both), event(text)],
    'a required field is renamed': [event(text), event({ renamed: [IsString()] })],
    'a required field becomes optional': [event(both), event(optional)],
    'an optional field becomes required': [event(optional), event(both)],
    'the type of a field changes': [event(text), event({ a: [IsInt()] })],
    'a whole number may have a fraction': [event({ a: [IsInt()] }), event({ a: [IsNumber()] })],
    'a value is added to an enum': [
      event({ a: [IsEnum({ a: 'a' })] }),
      event({ a: [IsEnum({ a: 'a', b: 'b' })] }),
    ],
    'a value is removed from an enum': [
      event({ a: [IsEnum({ a: 'a', b: 'b' })] }),
      event({ a: [IsEnum({ a: 'a' })] }),
    ],
    'a bound is widened': [event({ a: [IsInt(), Min(1), Max(5)] }), event({ a: [IsInt(), Min(0), Max(5)] })],
    'a bound is narrowed': [event({ a: [IsInt(), Min(1), Max(5)] }), event({ a: [IsInt(), Min(1), Max(4)] })],
    'a rule such as IsEmail is added': [event(text), event({ a: [IsEmail()] })],
    'a rule such as IsEmail is removed': [event({ a: [IsEmail()] }), event(text)],
    'a required field is added to a nested class': [event({ n: nested(text) }), event({ n: nested(both) })],
    'the elements of a list are narrowed': [
      event({ a: [IsArray(), IsString({ each: true })] }),
      event({ a: [IsArray(), MinLength(1, { each: true })] }),
    ],
    'decorators and fields change places, the class is renamed': [
      event({ a: [IsInt(), Min(0)], b: [IsString()] }),
      event({ b: [IsString()], a: [Min(0), IsInt()] }),
    ],
    'the version is raised, with a step': [event(text), { event: raised, upcasters: [step.done()] }],
    'the version is raised, without a step': [event(text), raised],
    'the event is renamed, with formerly': [
      event(text),
      event(text, { name: 'thing.came_about', formerly: [NAME] }),
    ],
    'the class is removed, and upcast says what becomes of its events': [
      event(text),
      { upcasters: [upcast(NAME).from<object>(1).drop()] },
    ],
    'the class is removed, and nothing says what becomes of its events': [event(text), {}],
    'a new event': [event(text, { name: 'thing.another' }), { event: event(text) }],
  }

const page = readFileSync(new URL('../../../../docs/reference/schema-lock.md', import.meta.url), 'utf8')
const documented = [...page.matchAll(/^\| (.+?) +\| (passes|breaks) +\| (passes|breaks) +\|$/gm)].map(
  ([, change, backward, forward]) => [change!, backward!, forward!] as const,
)

function verdict(change: string, compatibility: Compatibility): string {
  const [before, today] = ROWS[change]!
  const { event: current, upcasters = [] }: Today = typeof today === 'function' ? { event: today } : today
  const other = change === 'a new event' ? before : event(text, { name: 'thing.other' })
  const lock = new Map(
    change === 'a new event' ? [] : [[NAME, [{ version: 1, schemas: [schemaOf(before)] }]]],
  )
  const aggregates = [aggregateOf(current ?? other)]
  const findings = checkSchemas(appSchemas({ aggregates, upcasters }), lock, { compatibility })
  return findings.every(({ kind }) => kind === 'unrecorded') ? 'passes' : 'breaks'
}

describe('the table of docs/reference/schema-lock.md', () => {
  it('has the rows that are tried here', () => {
    expect(documented.map(([change]) => change).toSorted()).toEqual(Object.keys(ROWS).toSorted())
  })

  it.each(documented)('%s: backward %s, forward %s', (change, backward, forward) => {
    expect([verdict(change, 'backward'), verdict(change, 'forward')]).toEqual([backward, forward])
    expect(verdict(change, 'full')).toBe(backward === 'passes' && forward === 'passes' ? 'passes' : 'breaks')
  })
})
