import { IsInt } from 'class-validator'
import { describe, expect, it } from 'vitest'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Column,
  Command,
  Event,
  Handle,
  Hindcast,
  Key,
  memory,
  Projection,
  RowProjection,
  token,
  Upsert,
  upcast,
} from '../../src/index.js'

class Made extends Event('thing.made') {}
class MadeAgain extends Event('thing.made') {}
class Aged extends Event('thing.aged', { version: 3 }) {
  @IsInt() years!: number
}
class Stray extends Event('stray.seen') {}
class Make extends Command('thing.make') {}
class Age extends Command('thing.age') {}

@Aggregate('thing')
class Thing extends AggregateRoot<Made | Aged> {
  @Handle(Make) make() {
    this.emit(Made)
  }
  @Handle(Make) makeToo() {}
  @Handle(Age, { inject: [token('calendar')] }) age() {}
  @Apply(Made) made() {}
  @Apply(Aged) aged() {}
}
@Aggregate('Bad-Category')
class BadCategory extends AggregateRoot<MadeAgain> {
  @Apply(MadeAgain) made() {}
}
@Aggregate('thing')
class SameCategory extends AggregateRoot<Made> {
  @Handle(Make) make() {}
  @Apply(Made) made() {}
}
class Undecorated extends AggregateRoot<Made> {}
@Aggregate('greedy', { snapshotEvery: 0 })
class Greedy extends AggregateRoot<Made> {
  #secret = 1
  constructor(
    readonly needs?: unknown,
    readonly more?: unknown,
  ) {
    super()
    void this.#secret
  }
}
class StrayRow {
  @Key() @Column('text') id!: string
}
@Projection('strays', { version: 1, row: StrayRow })
class Strays extends RowProjection<StrayRow> {
  @Upsert(Stray) seen(row: StrayRow | undefined) {
    return row ?? { id: 'x' }
  }
}
const gap = upcast(Aged)
  .from<{ years: number }>(2)
  .up(old => old)
  .done()

describe('an app with mistakes in it', () => {
  it('does not start, opens nothing, and lists everything wrong at once', async () => {
    let opened = 0
    const store = memory()
    const failure: { code: string; message: string; problems: readonly string[] } = await Hindcast.start({
      store: host => {
        opened++
        return store(host)
      },
      aggregates: [Thing, BadCategory, SameCategory, Undecorated, Greedy] as never,
      projections: [Strays],
      upcasters: [gap],
      commandTimeoutMs: 0,
      log: false,
    }).then(
      () => expect.unreachable(),
      (error: unknown) => error as never,
    )
    expect(failure.code).toBe('HC_START')
    expect(opened).toBe(0)
    for (const expected of [
      /"thing\.make" has two handlers, make and makeToo/,
      /"thing\.make" has two handlers: Thing\.make(Too)? and\s+SameCategory\.make/,
      /Thing\.age injects token calendar, which no module binds/,
      /category "Bad-Category" must be/,
      /category "thing" belongs to both Thing and SameCategory/,
      /"thing\.made".*(Made|MadeAgain)/,
      /Undecorated has no @Aggregate/,
      /snapshotEvery 0/,
      /Greedy has private # fields/,
      /Greedy: its constructor takes 2 arguments/,
      /"thing\.aged".*version 1/,
      /projection "strays" reads event "stray\.seen"/,
      /commandTimeoutMs is 0/,
    ])
      expect(failure.problems).toContainEqual(expect.stringMatching(expected))
    for (const problem of failure.problems) expect(failure.message).toContain(problem)
  })

  it('closes what it had opened when a later part cannot be opened', async () => {
    const store = memory()
    let closed = 0
    const start = Hindcast.start({
      aggregates: [],
      store: async host => {
        const opened = await store(host)
        return Object.assign(Object.create(opened) as typeof opened, {
          [Symbol.asyncDispose]: async () => {
            closed++
          },
        })
      },
      readModels: () => Promise.reject(new Error('no database')),
      log: false,
    })
    await expect(start).rejects.toThrow('no database')
    expect(closed).toBe(1)
  })

  it.each(['', 'Account Opened', 'a..b', 'ä.b', 'x'.repeat(101), '.a'])(
    'refuses the message name %j',
    name => {
      expect(() => Event(name)).toThrow(expect.objectContaining({ code: 'HC_MESSAGE_DEFINITION' }))
      expect(() => Command(name)).toThrow(expect.objectContaining({ code: 'HC_MESSAGE_DEFINITION' }))
    },
  )

  it.each([0, -1, 1.5, Number.NaN])('refuses the event version %d', version => {
    expect(() => Event('a.b', { version })).toThrow(
      expect.objectContaining({ code: 'HC_MESSAGE_DEFINITION' }),
    )
  })
})
