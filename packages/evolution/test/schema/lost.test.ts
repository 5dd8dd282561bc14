import { acceptSchemas, appSchemas, lostSchemas, type JsonSchema, type SchemaLock } from '@hindcast/evolution'
import { Aggregate, AggregateRoot, Apply, Event } from '@hindcast/core'
import { IsInt, IsString } from 'class-validator'
import { describe, expect, it } from 'vitest'

const text: JsonSchema = { type: ['string'] }
const number: JsonSchema = { type: ['number'] }
const before: SchemaLock = new Map([
  ['a.happened', [{ version: 1, schemas: [text] }]],
  [
    'b.happened',
    [
      { version: 1, schemas: [text] },
      { version: 2, schemas: [text, number] },
    ],
  ],
])
const [b1, b2] = before.get('b.happened')!

describe('a lock that is compared with one of before', () => {
  it('may have more: versions, schemas and events', () => {
    expect(lostSchemas(before, before)).toEqual([])
    expect(lostSchemas(new Map(), before)).toEqual([])
    const more: SchemaLock = new Map([
      ...before,
      ['b.happened', [b1!, { version: 2, schemas: [text, number, {}] }, { version: 3, schemas: [text] }]],
      ['c.happened', [b1!]],
    ])
    expect(lostSchemas(before, more)).toEqual([])
  })

  it('must not have lost an event, its last version, or a schema of a version', () => {
    const found = (lock: SchemaLock): readonly string[] =>
      lostSchemas(before, lock).map(({ kind, event, version }) => `${kind} ${event} ${version}`)
    expect(found(new Map([['b.happened', [b1!, b2!]]]))).toEqual(['lost a.happened 1'])
    expect(found(new Map([...before, ['b.happened', [b1!]]]))).toEqual(['lost b.happened 2'])
    const fewer: SchemaLock = new Map([...before, ['b.happened', [b1!, { version: 2, schemas: [number] }]]])
    expect(found(fewer)).toEqual(['lost b.happened 2'])
    expect(lostSchemas(before, fewer)[0]!.message).toMatch(
      /^"b\.happened" version 2: the lock of before has 1 schema of it that this one has no more/,
    )
    expect(found(new Map())).toEqual(['lost a.happened 1', 'lost b.happened 1', 'lost b.happened 2'])
  })

  it('shows a version that was taken out by hand and accepted anew', () => {
    const app = (rule: typeof IsInt) => {
      class Happened extends Event('a.happened') {
        @rule() a!: unknown
      }
      @Aggregate('a')
      class A extends AggregateRoot<Happened> {
        @Apply(Happened) happened() {}
      }
      return appSchemas({ aggregates: [A] })
    }
    const { lock } = acceptSchemas(app(IsInt), new Map())
    expect(() => acceptSchemas(app(IsString as typeof IsInt), lock)).toThrow(
      'a in recorded events may be integer',
    )
    const { lock: anew } = acceptSchemas(app(IsString as typeof IsInt), new Map())
    expect(lostSchemas(lock, anew)).toMatchObject([{ kind: 'lost', event: 'a.happened', version: 1 }])
  })
})
