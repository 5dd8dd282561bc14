import { describe, expect, it } from 'vitest'
import { Hindcast, memory } from '../../src/index.js'
import { Basket, Put, PutOrShrug, Show } from './model.js'

const start = (store = memory()) => Hindcast.start({ store, aggregates: [Basket], log: false })

describe('the cached state is the fold of the log', () => {
  it('also after an @Apply method threw half-way with a DomainError', async () => {
    await using app = await start()
    await app.execute('b', Put.of({ amount: 60 }))
    await expect(app.execute('b', Put.of({ amount: 60 }))).rejects.toMatchObject({ code: 'basket.full' })
    expect((await app.execute('b', Show.of())).result.sum).toBe(60)
  })

  it('also after a handler caught what its emit threw', async () => {
    await using app = await start()
    await app.execute('b', Put.of({ amount: 60 }))
    await app.execute('b', PutOrShrug.of({ amount: 60 }))
    expect((await app.execute('b', Show.of())).result.sum).toBe(60)
  })

  it('also when the caller goes on with a list that it passed in a command', async () => {
    await using app = await start()
    const tags = ['red']
    await app.execute('b', Put.of({ amount: 1, tags }))
    tags.push('never recorded')
    expect((await app.execute('b', Show.of())).result.tags).toEqual(['red'])
  })

  it('also when the caller changes the result of a command', async () => {
    await using app = await start()
    const { result } = await app.execute('b', Put.of({ amount: 1 }))
    result.items.push(99)
    expect((await app.execute('b', Put.of({ amount: 2 }))).result.items).toEqual([1, 2])
  })
})

describe('a repeated command', () => {
  it('gives what the first one gave, also when others were decided before it was durable', async () => {
    await using app = await start()
    const [first] = await Promise.all([
      app.execute('b', Put.of({ amount: 1 }), { commandId: 'one' }),
      app.execute('b', Put.of({ amount: 2 }), { commandId: 'two' }),
    ])
    const again = await app.execute('b', Put.of({ amount: 1 }), { commandId: 'one' })
    expect(first.result).toEqual(again.result)
  })
})
