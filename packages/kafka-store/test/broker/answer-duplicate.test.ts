import { expect, it } from 'vitest'
import { append, appendOf, idsOf } from './stage/appends.js'
import { answerLost } from './stage/faulty-port.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { openRival, openStage } from './stage/stage.js'
import { contentOf, validIds } from './stage/topic-content.js'

kafkaSuite('an append that the broker calls a duplicate', () => {
  it('is acknowledged, and written once, when it is this one from an earlier try', async () => {
    const { store, port, topic } = await openStage({ deaf: true })
    await append(store, 'account-1')
    // What was stored is also not to be seen by reading, so that only the duplicate answer is left.
    const { onFetch } = port
    port.onFetch = async fetch => {
      const answers = await fetch()
      return answers.map(answer => ({ ...answer, records: Buffer.alloc(0) }))
    }
    port.next(answerLost, async send => {
      port.onFetch = onFetch
      return send()
    })
    const { run, ids } = appendOf(store, 'account-1', { expected: 0, events: 3 })
    expect(await run()).toMatchObject({ kind: 'appended', repeated: false, versions: [3] })
    expect(port.sent).toHaveLength(4)
    expect(port.sent[3]).toEqual(port.sent[2])
    expect((await validIds(topic)).slice(1)).toEqual(ids)
    expect(await contentOf(topic)).toHaveLength(3)
  })

  it('is a conflict when it is of another writer with the same sequence number and as many records', async () => {
    const stage = await openStage({ deaf: true })
    const { store, port, topic } = stage
    await append(store, 'account-1')
    const others = await append((await openRival(stage)).store, 'account-1', { expected: 0 })
    const markBefore = port.sent.length
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toEqual({ kind: 'conflict', stream: 'account-1', expected: 0, actual: 1 })
    expect(port.sent).toHaveLength(markBefore + 1)
    const valid = await validIds(topic)
    expect(valid).not.toContain(ids[0])
    expect(valid.at(-1)).toBe(others[0])
  })

  it("is appended behind the other writer's, when that does not contradict it", async () => {
    const stage = await openStage({ deaf: true })
    const { store, topic } = stage
    const before = await append(store, 'account-1')
    const others = await append((await openRival(stage)).store, 'account-2')
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toMatchObject({ kind: 'appended', versions: [1] })
    expect(await validIds(topic)).toEqual([...before, ...others, ...ids])
    expect(await idsOf(store, 'account-2')).toEqual(others)
  })
})
