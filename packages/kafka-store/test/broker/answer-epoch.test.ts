import { expect, it } from 'vitest'
import { append, appendOf, idsOf } from './stage/appends.js'
import { answers, storesButAnswers } from './stage/faulty-port.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { rawBatch, RawWriter } from './stage/raw-writer.js'
import { openRival, openStage } from './stage/stage.js'
import { contentOf, validIds, voidBatches } from './stage/topic-content.js'

const INVALID_EPOCH = 47
const UNKNOWN_PRODUCER = 59

kafkaSuite('an append whose epoch the broker does not know', () => {
  it('adopts the epoch of an intruder, whose batch never happened', async () => {
    const { store, topic, port } = await openStage({ deaf: true })
    const before = await append(store, 'account-1')
    const writer = await RawWriter.open(topic)
    await writer.write(rawBatch({ logId: store.logId, after: 0, epoch: 7, events: 3 }))
    const sent = port.sent.length
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toMatchObject({ kind: 'appended', versions: [1] })
    expect(port.sent).toHaveLength(sent + 2)
    expect(await validIds(topic)).toEqual([...before, ...ids])
    expect((await contentOf(topic)).at(-1)).toMatchObject({ valid: true, epoch: 7, sequence: 3 })
    expect(await voidBatches(topic)).toBe(1)
  })

  it('is adopted by every other process as well', async () => {
    const stage = await openStage({ deaf: true })
    const rival = await openRival(stage, { deaf: true })
    const writer = await RawWriter.open(stage.topic)
    await writer.write(rawBatch({ logId: stage.store.logId, after: 40, epoch: 3 }))
    const first = await append(stage.store, 'account-1')
    const second = await append(rival.store, 'account-1', { expected: 'any' })
    const third = await append(stage.store, 'account-1')
    expect(await validIds(stage.topic)).toEqual([...first, ...second, ...third])
    expect(await idsOf(rival.store, 'account-1')).toEqual([...first, ...second, ...third])
    expect((await contentOf(stage.topic)).map(({ epoch }) => epoch)).toEqual([0, 3, 3, 3, 3])
  })

  it.each([INVALID_EPOCH, UNKNOWN_PRODUCER])(
    'takes the next epoch from sequence 0 on, when the log does not show another (answer %i)',
    async code => {
      const { store, topic, port } = await openStage({ deaf: true })
      const before = await append(store, 'account-1')
      port.next(answers(code))
      const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
      expect(await run()).toMatchObject({ kind: 'appended', versions: [1] })
      expect((await contentOf(topic)).at(-1)).toMatchObject({ valid: true, epoch: 1, sequence: 0, ids })
      const after = await append(store, 'account-1', { expected: 1 })
      expect((await contentOf(topic)).at(-1)).toMatchObject({ valid: true, epoch: 1, sequence: 1 })
      expect(await validIds(topic)).toEqual([...before, ...ids, ...after])
    },
  )

  it('takes the next epoch once, however often the broker says so', async () => {
    const { store, topic, port } = await openStage({ deaf: true })
    await append(store, 'account-1')
    port.next(answers(UNKNOWN_PRODUCER), answers(UNKNOWN_PRODUCER), answers(INVALID_EPOCH))
    await append(store, 'account-1', { expected: 0 })
    expect((await contentOf(topic)).at(-1)).toMatchObject({ valid: true, epoch: 1, sequence: 0 })
  })

  it.each([INVALID_EPOCH, UNKNOWN_PRODUCER])(
    'is acknowledged when it stands there already (answer %i)',
    async code => {
      const { store, topic, port } = await openStage({ deaf: true })
      const before = await append(store, 'account-1')
      port.next(storesButAnswers(code))
      const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
      expect(await run()).toMatchObject({ kind: 'appended', repeated: false, versions: [1] })
      expect(await validIds(topic)).toEqual([...before, ...ids])
      expect(await contentOf(topic)).toHaveLength(3)
    },
  )
})
