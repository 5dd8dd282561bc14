import { expect, it } from 'vitest'
import { append, appendOf } from './stage/appends.js'
import { answers, storesButAnswers } from './stage/faulty-port.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { openRival, openStage } from './stage/stage.js'
import { contentOf, validIds } from './stage/topic-content.js'

const OUT_OF_ORDER = 45
const DUPLICATE = 46

kafkaSuite('an append that the broker finds out of order', () => {
  it('is a conflict once the batch of another writer was read in its place', async () => {
    const stage = await openStage({ deaf: true })
    const { store, topic } = stage
    const before = await append(store, 'account-1')
    const others = await append((await openRival(stage)).store, 'account-1', { expected: 0, events: 2 })
    const { run } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toEqual({ kind: 'conflict', stream: 'account-1', expected: 0, actual: 2 })
    expect(await validIds(topic)).toEqual([...before, ...others])
  })

  it('is decided and sent again when the other writer did not contradict it', async () => {
    const stage = await openStage({ deaf: true })
    const { store, topic, port } = stage
    const before = await append(store, 'account-1')
    const others = await append((await openRival(stage)).store, 'account-2', { events: 2 })
    const sent = port.sent.length
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toMatchObject({ kind: 'appended', versions: [1] })
    expect(port.sent).toHaveLength(sent + 2)
    expect(await validIds(topic)).toEqual([...before, ...others, ...ids])
  })

  it('goes on when the other writer has appended more than a broker remembers', async () => {
    const stage = await openStage({ deaf: true })
    const { store, topic } = stage
    await append(store, 'account-1')
    const rival = await openRival(stage)
    for (let i = 0; i < 8; i++) await append(rival.store, 'account-1', { expected: i })
    const { run, ids } = appendOf(store, 'account-1')
    expect(await run()).toMatchObject({ kind: 'appended', versions: [9] })
    expect((await validIds(topic)).slice(9)).toEqual(ids)
  })

  it.each([OUT_OF_ORDER, DUPLICATE])(
    'is sent again as it was when nothing stands there (answer %i)',
    async code => {
      const { store, port, topic } = await openStage({ deaf: true })
      const before = await append(store, 'account-1')
      port.sent.length = 0
      port.next(answers(code), answers(code))
      const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
      expect(await run()).toMatchObject({ kind: 'appended', repeated: false, versions: [1] })
      expect(port.sent).toHaveLength(3)
      expect(port.sent[1]).toEqual(port.sent[0])
      expect(port.sent[2]).toEqual(port.sent[0])
      expect(await validIds(topic)).toEqual([...before, ...ids])
      expect(await contentOf(topic)).toHaveLength(3)
    },
  )

  it.each([OUT_OF_ORDER, DUPLICATE])(
    'is acknowledged when it stands there itself (answer %i)',
    async code => {
      const { store, port, topic } = await openStage({ deaf: true })
      const before = await append(store, 'account-1')
      port.next(storesButAnswers(code))
      const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
      expect(await run()).toMatchObject({ kind: 'appended', repeated: false, versions: [1] })
      expect(await validIds(topic)).toEqual([...before, ...ids])
      expect(await contentOf(topic)).toHaveLength(3)
    },
  )
})
