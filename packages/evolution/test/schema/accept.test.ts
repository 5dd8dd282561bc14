import { IsInt, IsOptional, IsString } from 'class-validator'
import { describe, expect, it } from 'vitest'
import { Event, upcast, type AnyEvent, type Newable, type Upcaster } from '@hindcast/core'
import {
  acceptSchemas,
  appSchemas,
  checkSchemas,
  formatLock,
  type AcceptOptions,
  type SchemaLock,
} from '@hindcast/evolution'
import { aggregateOf } from './replay.js'

const appOf = (event: Newable<AnyEvent>, upcasters: readonly Upcaster[] = []) =>
  appSchemas({ aggregates: [aggregateOf(event)], upcasters })
const accept = (event: Newable<AnyEvent>, lock: SchemaLock, options: AcceptOptions = {}) =>
  acceptSchemas(appOf(event), lock, options).lock

class Plain extends Event('note.written') {
  @IsString() text!: string
}
class WithPage extends Event('note.written') {
  @IsString() text!: string
  @IsInt() @IsOptional() page?: number
}
class WithOtherPage extends Event('note.written') {
  @IsString() text!: string
  @IsString() @IsOptional() page?: string
}
class Narrower extends Event('note.written') {
  @IsInt() text!: number
}
class Second extends Event('note.written', { version: 2 }) {
  @IsInt() text!: number
}
const toSecond = upcast(Second)
  .from<{ text: string }>(1)
  .up(({ text }) => ({ text: text.length }))
  .done()
class Renamed extends Event('note.penned', { formerly: ['note.written'] }) {
  @IsString() text!: string
}
const none: SchemaLock = new Map()
const recorded = accept(Plain, none)

describe('accepting', () => {
  it('records a new event, and then there is nothing to find', () => {
    expect(checkSchemas(appOf(Plain), none)).toMatchObject([
      { kind: 'unrecorded', event: 'note.written', version: 1 },
    ])
    expect(checkSchemas(appOf(Plain), recorded)).toEqual([])
    expect(formatLock(accept(Plain, recorded))).toBe(formatLock(recorded))
  })

  it('keeps every schema of a version, so that a field that comes back as something else is found', () => {
    const withPage = accept(WithPage, recorded)
    const without = accept(Plain, withPage)
    expect(without.get('note.written')![0]!.schemas).toHaveLength(3)
    expect(checkSchemas(appOf(WithOtherPage), recorded)).toMatchObject([{ kind: 'unrecorded' }])
    expect(checkSchemas(appOf(WithOtherPage), without)).toMatchObject([
      { kind: 'breaks', direction: 'backward', path: 'page' },
    ])
  })

  it('refuses what breaks readers, with the reason and what to do, and records nothing', () => {
    expect(() => accept(Narrower, recorded)).toThrow(
      expect.objectContaining({
        code: 'HC_SCHEMA_BREAK',
        message: expect.stringContaining(
          '"note.written" version 1: text in recorded events may be string, but must be integer for today\'s code; ' +
            'raise the version to 2 and add upcast(…).from(1).up(…)',
        ),
      }),
    )
  })

  it('records a new version beside the old one, which stays', () => {
    const { lock } = acceptSchemas(appOf(Second, [toSecond]), recorded)
    expect(lock.get('note.written')!.map(({ version }) => version)).toEqual([1, 2])
    expect(checkSchemas(appOf(Second, [toSecond]), lock)).toEqual([])
  })

  it('cannot make up for a missing step', () => {
    for (const breaking of [[], ['note.written']])
      expect(() => accept(Second, recorded, { breaking })).toThrow(
        'nothing reads version 1; Second declares version 2',
      )
  })

  it('records a renamed event under its new name, and still compares it with the old one', () => {
    const lock = accept(Renamed, recorded)
    expect([...lock.keys()]).toEqual(['note.written', 'note.penned'])
    class RenamedAndNarrower extends Event('note.penned', { formerly: ['note.written'] }) {
      @IsInt() text!: number
    }
    expect(checkSchemas(appOf(RenamedAndNarrower), recorded)).toMatchObject([
      { kind: 'breaks', event: 'note.penned' },
    ])
  })

  it('forgets what stands in the way of the events that are named, and of no others', () => {
    const narrower = accept(Narrower, recorded, { breaking: ['note.written'] })
    expect(narrower.get('note.written')![0]!.schemas).toHaveLength(1)
    const two = acceptSchemas(appOf(Second, [toSecond]), recorded).lock
    expect(checkSchemas(appOf(Plain), two)).toMatchObject([{ kind: 'behind', event: 'note.written' }])
    expect(accept(Plain, two, { breaking: ['note.written'] }).get('note.written')).toHaveLength(1)
    class Other extends Event('note.other') {}
    expect(() => accept(Other, recorded)).toThrow(
      "its class is gone: say what becomes of it with upcast('note.written').from(1)",
    )
    expect([...accept(Other, recorded, { breaking: ['note.written'] }).keys()]).toEqual(['note.other'])
    expect(() => accept(Narrower, recorded, { breaking: ['note.wirtten'] })).toThrow(
      'neither the code nor the lock has an event "note.wirtten"; they have note.written',
    )
  })
})

describe('the options', () => {
  it('hold for one event where it is named', () => {
    const { lock } = acceptSchemas(appOf(WithPage), none)
    class WithNumber extends Event('note.written') {
      @IsString() text!: string
      @IsInt() page!: number
    }
    const check = (options: AcceptOptions) =>
      checkSchemas(appOf(WithNumber), lock, options).map(({ direction }) => direction)
    expect(check({ compatibility: 'forward' })).toEqual([undefined])
    expect(check({ compatibility: 'forward', events: { 'note.written': 'backward' } })).toEqual([
      'backward',
      'backward',
    ])
  })

  it('that guard nothing are findings', () => {
    const options = { compatibility: 'backwards', events: { 'note.wirtten': 'full' } } as never
    expect(checkSchemas(appOf(Plain), recorded, options).map(({ message }) => message)).toEqual([
      'schema.events names "note.wirtten", which neither the code nor the lock has',
      'schema: compatibility is "backwards"; it is backward, forward or full',
    ])
  })
})
