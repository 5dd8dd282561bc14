import { expect, it } from 'vitest'
import { TransportError } from '../../src/protocol/port.js'
import { append, appendOf } from './stage/appends.js'
import { answerLost, answers, requestLost, storesButAnswers, type ProduceFault } from './stage/faulty-port.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { RawWriter, resequenced } from './stage/raw-writer.js'
import { openRival, openStage } from './stage/stage.js'
import { contentOf, validIds, voidBatches } from './stage/topic-content.js'

const SOME_ERRORS = [2, 3, 5, 6, 7, 19, 20, 56, 74, 83]
/** MESSAGE_TOO_LARGE, authorisation, INVALID_TIMESTAMP. */
const REFUSALS = [10, 29, 32]

kafkaSuite('an append whose outcome the answer does not tell', () => {
  it('is sent again as it was until it is known, when nothing was stored', async () => {
    const { store, port, topic } = await openStage({ deaf: true })
    const written = [...(await append(store, 'account-1'))]
    for (const code of SOME_ERRORS) {
      port.sent.length = 0
      port.next(answers(code), answers(code))
      written.push(...(await append(store, 'account-1', { expected: written.length - 1 })))
      expect(port.sent, `answer ${code}`).toHaveLength(3)
      for (const bytes of port.sent) expect(bytes).toEqual(port.sent[0])
    }
    expect(await validIds(topic)).toEqual(written)
    expect(await contentOf(topic)).toHaveLength(written.length + 1)
  })

  it('is written once and acknowledged, when an earlier try was stored', async () => {
    const { store, port, topic } = await openStage({ deaf: true })
    const written = [...(await append(store, 'account-1'))]
    for (const code of [...SOME_ERRORS, ...REFUSALS]) {
      port.next(answerLost, storesButAnswers(code))
      const { run, ids } = appendOf(store, 'account-1', { expected: written.length - 1 })
      expect(await run(), `answer ${code}`).toMatchObject({ kind: 'appended', repeated: false })
      written.push(...ids)
    }
    expect(await validIds(topic)).toEqual(written)
    expect(await contentOf(topic)).toHaveLength(written.length + 1)
  })

  it('is not called refused after a try that may have been stored', async () => {
    const { store, port, topic } = await openStage({ deaf: true })
    const written = [...(await append(store, 'account-1'))]
    for (const code of REFUSALS) {
      port.next(requestLost, answers(code), answers(code))
      const { run, ids } = appendOf(store, 'account-1', { expected: written.length - 1 })
      expect(await run(), `answer ${code}`).toMatchObject({ kind: 'appended', repeated: false })
      written.push(...ids)
    }
    expect(await validIds(topic)).toEqual(written)
  })

  it('loses when another writer was faster while it was not known', async () => {
    const stage = await openStage({ deaf: true })
    const { store, port, topic } = stage
    await append(store, 'account-1')
    const rival = await openRival(stage)
    let others: readonly string[] = []
    const overtaken: ProduceFault = async () => {
      others = await append(rival.store, 'account-1', { expected: 0 })
      throw new TransportError('the request was lost', true)
    }
    port.next(overtaken)
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toEqual({ kind: 'conflict', stream: 'account-1', expected: 0, actual: 1 })
    const valid = await validIds(topic)
    expect(valid).not.toContain(ids[0])
    expect(valid.at(-1)).toBe(others[0])
  })

  it('never happened, though the broker stored it, when it came after that of another writer', async () => {
    const stage = await openStage({ deaf: true })
    const { store, port, topic } = stage
    const before = await append(store, 'account-1')
    const rival = await openRival(stage)
    let others: readonly string[] = []
    let late: Buffer | undefined
    port.next(async (_, batch) => {
      late = Buffer.from(batch)
      others = await append(rival.store, 'account-2')
      throw new TransportError('the request was lost', true)
    })
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toMatchObject({ kind: 'appended', versions: [1] })
    // The lost request comes to a broker that has forgotten everything.
    await (await RawWriter.open(topic)).write(resequenced(late!, 1, 0))
    expect(await voidBatches(topic)).toBe(1)
    expect(await validIds(topic)).toEqual([...before, ...others, ...ids])
    const after = await append(store, 'account-1', { expected: 1 })
    expect(await validIds(topic)).toEqual([...before, ...others, ...ids, ...after])
  })
})
