import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ReadModelStore } from '../../../src/index.js'
import { Turns } from '../../../src/projection/worker/turns.js'
import { Balances, Deposited, Opened } from '../bank.js'
import { BankLog, caughtUp, startAlone } from '../log.js'

const opened = Opened.of({ owner: 'Ada' })
const one = Deposited.of({ cents: 1 })
const { signal: never } = new AbortController()

/** Takes a turn and notes it. */
function taker(turns: Turns, order: string[]): (name: string, signal?: AbortSignal) => Promise<() => void> {
  return async (name, signal = never) => {
    const end = await turns.take(signal)
    order.push(name)
    return end
  }
}

it('turns are passed on in the order in which they were asked for, each once', async () => {
  const order: string[] = []
  const take = taker(new Turns(2), order)
  const endA = await take('a')
  const endB = await take('b')
  const c = take('c')
  const d = take('d')
  endA()
  endA()
  const late = take('e')
  const endC = await c
  expect(order).toEqual(['a', 'b', 'c'])
  endC()
  ;(await d)()
  ;(await late)()
  endB()
  for (const name of ['f', 'g']) await take(name)
  expect(order).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
})

it('whoever gives up waiting takes no turn, and keeps nobody from one', async () => {
  const order: string[] = []
  const turns = new Turns(1)
  const take = taker(turns, order)
  const end = await take('a')
  const leaving = new AbortController()
  const gone = take('gone', leaving.signal)
  const b = take('b')
  leaving.abort()
  ;(await gone)()
  const goneBefore = await turns.take(leaving.signal)
  goneBefore()
  expect(order).toEqual(['a', 'gone'])
  end()
  ;(await b)()
  expect(order).toEqual(['a', 'gone', 'b'])
})

it('partitions that are far behind fold four at a time, and all come to the end', async () => {
  const log = await BankLog.open(12)
  const far = Array.from({ length: 200 }, (_, index) => `far${index}`)
  const last = Array.from({ length: 100 }, (_, index) => `last${index}`)
  for (const key of far) await log.append(key, opened)
  for (let i = 0; i < 200; i++) for (const key of far) await log.append(key, one)
  for (const key of last) await log.append(key, opened)
  let loading = 0
  let most = 0
  let open = (): void => undefined
  const gate = new Promise<void>(resolve => (open = resolve))
  /** Holds whoever folds the last events of a partition. */
  const gated = (store: ReadModelStore): ReadModelStore => {
    const load: ReadModelStore['load'] = async (projection, keys) => {
      if (!keys.some(key => last.includes(key))) return store.load(projection, keys)
      most = Math.max(most, ++loading)
      await gate
      loading--
      return store.load(projection, keys)
    }
    return new Proxy(store, {
      get(target, name) {
        if (name === 'load') return load
        return (target[name as keyof ReadModelStore] as (...args: unknown[]) => unknown).bind(target)
      },
    })
  }
  const source = { ...log.source(), categoriesOf: () => ['account'] }
  await using runtime = await startAlone(source, new Map(), [Balances], gated)
  while (loading < 4) await nextTurn()
  for (let i = 0; i < 50; i++) await nextTurn()
  open()
  await caughtUp(runtime)
  expect(most).toBe(4)
  const rows = await runtime.view(Balances).all()
  expect(rows.filter(({ cents }) => cents === 200n)).toHaveLength(200)
  expect(rows).toHaveLength(300)
})
