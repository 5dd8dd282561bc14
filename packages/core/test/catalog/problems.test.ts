import { describe, expect, it } from 'vitest'
import { Command, Event, EventCatalog, Field, upcast, type Upcaster } from '../../src/index.js'
import { recorded } from './recorded.js'

class A extends Event('e.a', { version: 3 }) {}
class B extends Event('e.b', { formerly: ['e.c'] }) {}
class C extends Event('e.c', { formerly: ['e.b'] }) {}
class D extends Event('e.d', { formerly: ['e.x', 'e.y'] }) {}
class Itself extends Event('e.e', { formerly: ['e.e'] }) {}
class AlsoX extends Event('e.f', { formerly: ['e.x'] }) {}
class Twin extends Event('e.d') {}
class Owner extends Event('e.o') {}
class Taken extends Event('e.t', { formerly: ['e.o'] }) {}
class One extends Event('e.one', { formerly: ['e.two'] }) {}
class Two extends Event('e.two', { formerly: ['e.three'] }) {}
class Three extends Event('e.three', { formerly: ['e.one'] }) {}
class Twice extends Event('e.twice', { formerly: ['e.v', 'e.v'] }) {}
class Do extends Command('e.do') {}
class Nested {
  at?: string
}
Field((() => undefined) as never)(Nested.prototype, 'at' as never)
class Broken extends Event('e.broken') {
  @Field(() => Nested) nested?: Nested
}
const step = (old: object): object => old
const problemsOf = (events: readonly unknown[], upcasters: readonly unknown[] = []): readonly string[] =>
  new EventCatalog(events as never, upcasters as never).problems

describe('what is wrong with upcasters is found at start', () => {
  it.each<[string, readonly Upcaster[], readonly RegExp[]]>([
    [
      'no chain at all',
      [],
      [
        /"e\.a": nothing reads version 1; A declares version 3, add upcast\(A\)\.from\(1\)/,
        /nothing reads version 2/,
      ],
    ],
    ['a gap before a chain', [upcast(A).from<object>(2).up(step).done()], [/nothing reads version 1/]],
    ['a gap behind one', [upcast(A).from<object>(1).drop()], [/nothing reads version 2/]],
    [
      'a step twice',
      [upcast(A).from<object>(1).up(step).up(step).done(), upcast(A).from<object>(2).up(step).done()],
      [/"e\.a": two upcasters take version 2; keep one/],
    ],
    [
      'a step and an end at one version',
      [upcast(A).from<object>(1).up(step).up(step).done(), upcast(A).from<object>(1).drop()],
      [/two upcasters take version 1/],
    ],
    [
      'a chain that ends early',
      [upcast(A).from<object>(1).up(step).done()],
      [/ends at version 2, but A declares version 3; add the missing steps/, /version 1/, /version 2/],
    ],
    [
      'a chain that ends late',
      [upcast(A).from<object>(1).up(step).up(step).up(step).done()],
      [/ends at version 4, but A declares version 3; raise the version/, /version 1/, /version 2/],
    ],
    [
      'a split of the version of today',
      [
        upcast(A)
          .from<object>(1)
          .up(step)
          .up(step)
          .split(() => []),
      ],
      [/version 3 is split.*raise the version/, /1/, /2/],
    ],
    [
      'a drop of the version of today',
      [upcast(A).from<object>(1).up(step).up(step).drop()],
      [/version 3 is dropped.*raise the version/, /1/, /2/],
    ],
    [
      'a start that is no version',
      [upcast(A).from<object>(0).up(step).done()],
      [/starts from version 0; versions are whole/, /1/, /2/],
    ],
    [
      'a start between versions',
      [upcast(A).from<object>(1.5).up(step).done()],
      [/starts from version 1\.5/, /1/, /2/],
    ],
    [
      'a retired name that has a class',
      [upcast('e.a').from<object>(1).drop()],
      [/upcast\("e\.a"\) is for an event without a class, but A has that name; write upcast\(A\)/, /1/, /2/],
    ],
  ])('%s', (_, upcasters, problems) => {
    expect(problemsOf([A], upcasters)).toEqual(problems.map(each => expect.stringMatching(each) as unknown))
  })

  it.each<[string, readonly unknown[], readonly unknown[], RegExp]>([
    [
      'upcasters of a class that is not registered',
      [B],
      [upcast(A).from<object>(1).drop()],
      /upcasters of A \("e\.a"\), but no registered aggregate or source has it/,
    ],
    [
      'upcasters of another class with the name',
      [D],
      [upcast(Twin).from<object>(1).drop()],
      /upcasters of Twin/,
    ],
    [
      'a retired name that a class had',
      [D],
      [upcast('e.y').from<object>(1).drop()],
      /D formerly had that name; write upcast\(D\)/,
    ],
    [
      'a retired name with a gap',
      [D],
      [upcast('e.old').from<object>(2).drop()],
      /"e\.old": nothing reads version 1; add upcast\("e\.old"\)\.from\(1\)/,
    ],
    [
      'a retired name that ends in no event',
      [D],
      [{ ...upcast('e.old').from<object>(1).drop(), end: { kind: 'current' } }],
      /end the chain with \.split\(…\) or \.drop\(\)/,
    ],
    [
      'a chain without an end',
      [D],
      [upcast(D).from<object>(1)],
      /upcasters\[0\] is no upcaster; end the chain/,
    ],
    ['nothing where an upcaster belongs', [D], [undefined], /upcasters\[0\] is no upcaster/],
    [
      'upcasters of a command',
      [D],
      [
        upcast(Do as never)
          .from<object>(1)
          .drop(),
      ],
      /upcasters\[0\] is for Do, which does not extend Event/,
    ],
    [
      'upcasters of undefined',
      [D],
      [
        upcast(undefined as never)
          .from<object>(1)
          .drop(),
      ],
      /upcasters\[0\] is for undefined/,
    ],
  ])('%s', (_, events, upcasters, problem) => {
    expect(problemsOf(events, upcasters)).toEqual([expect.stringMatching(problem)])
  })
})

describe('what is wrong with events is found at start', () => {
  it.each<[string, readonly unknown[], readonly RegExp[]]>([
    ['two classes of one name', [D, Twin], [/event name "e\.d" belongs to two classes, D and Twin/]],
    ['a class that is no event', [Date], [/Date is registered as an event, but does not extend Event/]],
    ['a command', [Do], [/Do is registered/]],
    ['undefined', [undefined], [/undefined is registered/]],
    ['an event instead of its class', [new D()], [/is registered as an event/]],
    ['a name in its own formerly', [Itself], [/"e\.e" names itself in formerly; leave it out/]],
    ['two that had one name', [D, AlsoX], [/events "e\.d" and "e\.f" both were formerly "e\.x"/]],
    [
      'a former name that another has',
      [Owner, Taken],
      [/"e\.t" was formerly "e\.o", but Owner has that name today/],
    ],
    [
      'a cycle of two renames',
      [B, C],
      [/"e\.b" -> "e\.c" -> "e\.b".*cycle of renames/, /"e\.c" -> "e\.b" -> "e\.c"/],
    ],
    [
      'a cycle of three renames',
      [One, Two, Three],
      [/"e\.one" -> "e\.two" -> "e\.three" -> "e\.one"/, /cycle of renames/, /cycle of renames/],
    ],
    ['a @Field that names nothing, in a nested class', [Broken], [/@Field of Nested\.at cannot be used/]],
  ])('%s', (_, events, problems) => {
    expect(problemsOf(events)).toEqual(problems.map(each => expect.stringMatching(each) as unknown))
  })

  it('but a class may be registered twice, and a former name be said twice', () => {
    expect(problemsOf([D, D, Twice])).toEqual([])
  })

  it('everything at once', () => {
    expect(problemsOf([A, D, Twin, AlsoX, Itself, Broken, Date], [undefined]).length).toBe(8)
  })
})

describe('a catalog with problems', () => {
  it('still reads what it can, and says of the rest that nothing reads it', () => {
    const catalog = new EventCatalog([A], [upcast(A).from<object>(2).up(step).done()])
    expect(catalog.decode(recorded('e.a', 2, {}), 'log')[0]!.event).toBeInstanceOf(A)
    expect(() => catalog.decode(recorded('e.a', 1, {}), 'log')).toThrow(
      expect.objectContaining({ code: 'HC_EVENT_VERSION_UNREADABLE' }),
    )
  })
})
