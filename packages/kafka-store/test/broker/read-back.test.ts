import { expect, it } from 'vitest'
import { append, appendOf, idsOf } from './stage/appends.js'
import { answerLost, answers, requestLost, unmarked } from './stage/faulty-port.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { openRival, openStage } from './stage/stage.js'
import { contentOf, validIds } from './stage/topic-content.js'

kafkaSuite('a broker that does not mark duplicates', () => {
  it("does not make another writer's append look like ours", async () => {
    const stage = await openStage({ deaf: true })
    const { store, port, topic } = stage
    port.otherwise = unmarked
    await append(store, 'account-1')
    await append(store, 'account-1')
    await append((await openRival(stage)).store, 'account-1', { expected: 1 })
    const { run, ids } = appendOf(store, 'account-1', { expected: 1 })
    expect(await run()).toEqual({ kind: 'conflict', stream: 'account-1', expected: 1, actual: 2 })
    expect(await validIds(topic)).not.toContain(ids[0])
  })

  it('is distrusted from the very first append on', async () => {
    const stage = await openStage({ deaf: true })
    const { store, port, topic } = stage
    port.otherwise = unmarked
    await append((await openRival(stage)).store, 'account-1', { expected: 'none' })
    const { run, ids } = appendOf(store, 'account-1', { expected: 'none' })
    expect(await run()).toEqual({ kind: 'conflict', stream: 'account-1', expected: 'none', actual: 0 })
    expect(await validIds(topic)).not.toContain(ids[0])
  })

  it('has every append read back before it is acknowledged, and sent once', async () => {
    const { store, port, topic } = await openStage({ deaf: true })
    port.otherwise = unmarked
    await append(store, 'account-1')
    expect(port.sent).toHaveLength(2)
    for (let i = 0; i < 3; i++) {
      const fetches = port.fetches
      await append(store, 'account-1', { expected: i })
      expect(port.fetches).toBeGreaterThan(fetches)
    }
    expect(port.sent).toHaveLength(5)
    expect(await contentOf(topic)).toHaveLength(5)
  })

  it('writes once what is sent twice, after a lost answer', async () => {
    const { store, port, topic } = await openStage({ deaf: true })
    port.otherwise = unmarked
    const before = await append(store, 'account-1')
    port.next(answerLost)
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toMatchObject({ kind: 'appended', repeated: false, versions: [1] })
    expect(await validIds(topic)).toEqual([...before, ...ids])
    expect(await contentOf(topic)).toHaveLength(3)
  })
})

kafkaSuite('the trial whether a broker marks duplicates', () => {
  it.each([45, 46])(
    'is over when the broker refuses the duplicate (answer %i): every append is read back',
    async code => {
      const { store, port } = await openStage({ deaf: true })
      port.next(send => send(), answers(code))
      await append(store, 'account-1')
      expect(port.sent).toHaveLength(2)
      for (let i = 0; i < 3; i++) await append(store, 'account-1', { expected: i })
      expect(port.sent).toHaveLength(5)
    },
  )

  it('does not send every append twice when it fails', async () => {
    const { store, port, topic } = await openStage({ deaf: true })
    const seen = new Set<string>()
    // Whatever is sent a second time is not answered.
    port.otherwise = (send, batch) => {
      const again = seen.has(batch.toString('base64'))
      seen.add(batch.toString('base64'))
      return again ? requestLost(send, batch) : send()
    }
    await append(store, 'account-1')
    for (let i = 0; i < 9; i++) await append(store, 'account-1', { expected: i })
    expect(port.sent.length).toBeLessThanOrEqual(13)
    expect(await validIds(topic)).toHaveLength(10)
    expect(await idsOf(store, 'account-1')).toHaveLength(10)
  })
})
