import { expect, it } from 'vitest'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  Event,
  Handle,
  Hindcast,
  memory,
  type EventStore,
  type EventStoreFactory,
} from '../../src/index.js'
import { Add, Look } from '../command/counter.js'
import { eventsOf, startCounters } from '../command/harness.js'

/** A store whose appends throw as long as there is something to throw, where they should reject. */
function throwing(failures: Error[]): EventStoreFactory {
  return async host => {
    const store = await memory()(host)
    return new Proxy(store, {
      get(target, name) {
        const failure = name === 'append' ? failures.shift() : undefined
        if (failure)
          return () => {
            throw failure
          }
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    }) satisfies EventStore
  }
}

it('a store that throws instead of rejecting leaves no state behind that the log does not have', async () => {
  const failures: Error[] = []
  await using app = await startCounters({ store: throwing(failures) })
  await app.execute('c-1', Add.of({ amount: 1 }))
  const failure = new Error('thrown')
  failures.push(failure)
  await expect(app.execute('c-1', Add.of({ amount: 5 }))).rejects.toBe(failure)
  expect((await app.execute('c-1', Look.of())).result).toEqual({ total: 1 })
  expect((await app.execute('c-1', Add.of({ amount: 2 }))).version).toBe(1)
  expect(await eventsOf(app.store, 'counter-c-1')).toHaveLength(2)
})

class Rang extends Event('bell.rang') {}
class Ring extends Command('bell.ring')<object> {}
class Count extends Command('bell.count')<{ readonly rung: number }> {}

@Aggregate('bell')
class Bell extends AggregateRoot<Rang> {
  rung = 0
  @Handle(Ring) ring(): object {
    this.emit(Rang)
    return {
      get then(): never {
        throw new TypeError(`rung ${Bell.name}`)
      },
    }
  }
  @Handle(Count) count() {
    return { rung: this.rung }
  }
  @Apply(Rang) rang(): void {
    this.rung++
  }
}

it('a result that cannot even be looked at is a failure of its handler, and the stream goes on', async () => {
  await using app = await Hindcast.start({ store: memory(), aggregates: [Bell], log: false })
  for (let i = 0; i < 3; i++) await expect(app.execute('b', Ring.of())).rejects.toThrow('rung Bell')
  expect((await app.execute('b', Count.of())).result).toEqual({ rung: 0 })
  expect(await eventsOf(app.store, 'bell-b')).toEqual([])
})
