import assert from 'node:assert/strict'
import type { Clock, EventStore } from '@hindcast/core'
import { clause, type Clause } from '../clause.js'
import { only, readStream } from '../reading.js'
import { append, streamsApart, streamsTogether, tryAppend, write } from '../writing.js'

const START = Date.UTC(2001, 0, 1, 0, 0, 0, 123)

/** A clock that stands still until it is set. */
class SetClock implements Clock {
  ms = START
  now(): Date {
    return new Date(this.ms)
  }
}

/** The times of events. */
export const eventTimes: readonly Clause[] = [
  clause('the time of an event is the clock’s at the append, to the millisecond', async trial => {
    const clock = new SetClock()
    const store = await trial.open({ clock })
    for (const ms of [START, START + 1, START + 1, Date.UTC(2199, 11, 31, 23, 59, 59, 999)]) {
      clock.ms = ms
      await append(store, write('account-acc-1', 'any'))
      assert.equal(await lastTime(store, 'account-acc-1'), ms)
    }
  }),

  clause('the clock is read within the call of append, not later', async trial => {
    const clock = new SetClock()
    const store = await trial.open({ clock })
    await append(store, write('account-acc-1', 'none'))
    clock.ms = START + 1000
    const appending = append(store, write('account-acc-1', 0))
    clock.ms = START + 9000
    await appending
    assert.equal(await lastTime(store, 'account-acc-1'), START + 1000)
  }),

  clause('all events of an append have one time', async trial => {
    let ms = START
    const store = await trial.open({ clock: { now: () => new Date(ms++) } })
    const [left, right] = streamsTogether(store, 2) as [string, string]
    await append(store, [write(left, 'none', 3), write(right, 'none', 3)])
    const times = [...(await readStream(store, left)), ...(await readStream(store, right))].map(e => e.time)
    assert.equal(times.length, 6)
    only([...new Set(times)])
  }),

  clause('when the clock runs backwards, the time of a partition stands still', async trial => {
    const clock = new SetClock()
    const store = await trial.open({ clock })
    const [left, right] = streamsTogether(store, 2) as [string, string]
    await append(store, write(left, 'none'))
    clock.ms = START - 60_000
    await append(store, write(left, 0))
    await append(store, write(right, 'none'))
    assert.deepEqual([await lastTime(store, left), await lastTime(store, right)], [START, START])
    clock.ms = START + 5
    await append(store, write(right, 0))
    assert.equal(await lastTime(store, right), START + 5)
  }),

  clause('the time of one partition does not hold back another', async trial => {
    const clock = new SetClock()
    const store = await trial.open({ clock })
    const [left, right] = streamsApart(store, 2) as [string, string]
    await append(store, write(left, 'none'))
    clock.ms = START - 60_000
    await append(store, write(right, 'none'))
    assert.equal(await lastTime(store, right), START - 60_000)
  }),

  clause('time does not run backwards over a reopening', async trial => {
    const clock = new SetClock()
    clock.ms = Date.UTC(2150, 0)
    const store = await trial.open({ clock })
    await append(store, write('account-acc-1', 'none'))
    const reopened = await trial.reopen(store, { clock: new SetClock() })
    await append(reopened, write('account-acc-1', 0))
    assert.equal(await lastTime(reopened, 'account-acc-1'), Date.UTC(2150, 0))
  }),

  clause('times before 1970 are kept', async trial => {
    const clock = new SetClock()
    const store = await trial.open({ clock })
    const times = [Date.UTC(1815, 11, 10), -1, 0, 1]
    for (const ms of times) {
      clock.ms = ms
      await append(store, write('account-acc-1', 'any'))
    }
    const events = await readStream(await trial.reopen(store), 'account-acc-1')
    assert.deepEqual(
      events.map(event => event.time),
      times,
    )
  }),

  clause('a clock that gives no valid date refuses the append', async trial => {
    const clock = new SetClock()
    const store = await trial.open({ clock })
    await append(store, write('account-acc-1', 'none'))
    clock.ms = NaN
    const before = await readStream(store, 'account-acc-1')
    await assert.rejects(tryAppend(store, write('account-acc-1', 0)), { code: 'HC_APPEND_INVALID' })
    clock.ms = START + 1
    assert.equal((await readStream(store, 'account-acc-1')).length, before.length)
    await append(store, write('account-acc-1', 0))
    assert.equal(await lastTime(store, 'account-acc-1'), START + 1)
  }),
]

async function lastTime(store: EventStore, stream: string): Promise<number> {
  return only(await readStream(store, stream, { direction: 'backwards', limit: 1 })).time
}
