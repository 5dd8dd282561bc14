import { describe, expect, it } from 'vitest'
import { Aggregate, AggregateRoot, Apply, Command, DomainError, Event, Handle } from '@hindcast/core'
import { scenario } from '@hindcast/testing'

class Counted extends Event('tally.counted') {
  by!: number
}
class Count extends Command('tally.count')<number> {
  by!: number
}
class Cheat extends Command('tally.cheat') {}
class Refuse extends Command('tally.refuse') {}

@Aggregate('tally')
class Tally extends AggregateRoot<Counted> {
  total = 0
  largest = { by: 0 }
  @Handle(Count) count(command: Count): number {
    this.emit(Counted, { by: command.by })
    return this.total
  }
  @Handle(Cheat) cheat() {
    this.emit(Counted, { by: 1 })
    this.largest = { by: 100 }
  }
  @Handle(Refuse) refuse() {
    this.emit(Counted, { by: 1 })
    throw new DomainError('tally.no', 'no')
  }
  @Apply(Counted) counted(event: Counted) {
    this.total += event.by
    if (event.by > this.largest.by) this.largest = { by: event.by }
  }
}
class Box {
  constructor(readonly value: number) {}
}
@Aggregate('boxed')
class Boxed extends AggregateRoot<Counted> {
  box = new Box(0)
  @Handle(Count) count(command: Count): number {
    this.emit(Counted, command)
    return this.box.value
  }
  @Apply(Counted) counted(event: Counted) {
    this.box = new Box(this.box.value + event.by)
  }
}
let now = 0
@Aggregate('moody')
class Moody extends AggregateRoot<Counted> {
  seen = 0
  @Handle(Count) count(command: Count): number {
    this.emit(Counted, { by: command.by })
    return 0
  }
  @Apply(Counted) counted() {
    this.seen = now++
  }
}

const given = [Counted.of({ by: 2 })]
const when = Count.of({ by: 3 })

describe('a scenario', () => {
  it('passes when everything is as described', async () => {
    await scenario(Tally, {
      given,
      when,
      then: [Counted.of({ by: 3 })],
      result: 5,
      state: { total: 5, largest: { by: 3 } },
    })()
    await scenario(Tally, { given, when: Refuse.of(), rejected: 'tally.no', state: { total: 3 } })()
  })

  it.each<[string, () => Promise<void>, RegExp]>([
    [
      'an event of other data',
      scenario(Tally, { given, when, then: [Counted.of({ by: 4 })] }),
      /events of Tally differs at \[0\]\.by: found 3, expected 4/,
    ],
    ['an event too few', scenario(Tally, { given, when, then: [] }), /events of Tally differs at \[0\]/],
    ['then left out', scenario(Tally, { given, when }), /events of Tally/],
    [
      'another result',
      scenario(Tally, { given, when, then: [Counted.of({ by: 3 })], result: 6 }),
      /result of Tally differs: found 5, expected 6/,
    ],
    [
      'another state',
      scenario(Tally, { given, when, then: [Counted.of({ by: 3 })], state: { largest: { by: 9 } } }),
      /field "largest" differs at by: found 3, expected 9/,
    ],
    [
      'no rejection',
      scenario(Tally, { given, when, rejected: 'tally.no' }),
      /should have been rejected with "tally\.no"/,
    ],
    [
      'another rejection',
      scenario(Tally, { given, when: Refuse.of(), rejected: 'tally.yes' }),
      /"tally\.yes", but was with "tally\.no"/,
    ],
    [
      'an unexpected rejection',
      scenario(Tally, { given, when: Refuse.of() }),
      /was rejected with "tally\.no": no/,
    ],
    [
      'state changed outside of @Apply',
      scenario(Tally, { given, when: Cheat.of(), then: [Counted.of({ by: 1 })] }),
      /state of Tally differs at largest\.by: found 2, expected 100; folding its events anew/,
    ],
    [
      'an @Apply that depends on more than the event',
      scenario(Moody, { given, when, then: [Counted.of({ by: 3 })] }),
      /Moody differs at seen/,
    ],
  ])('fails for %s, and says where', async (_, test, message) => {
    await expect(test()).rejects.toMatchObject({
      code: 'HC_SCENARIO_FAILED',
      message: expect.stringMatching(message) as string,
    })
  })

  it('fails for state that a snapshot cannot bring back', async () => {
    await expect(scenario(Boxed, { given, when, then: [Counted.of({ by: 3 })] })()).rejects.toMatchObject({
      code: 'HC_STATE_NOT_SERIALIZABLE',
      message: expect.stringContaining('Boxed.box holds an instance of Box') as string,
    })
  })
})
