import { expect, it } from 'vitest'
import { TransportError } from '../../src/protocol/port.js'
import { append, appendOf, eventsOf, idsOf } from './stage/appends.js'
import { noConnection, requestLost } from './stage/faulty-port.js'
import { alterTopic, limitBatches } from './stage/foreign.js'
import { Gate } from './stage/gate.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { openRival, openStage } from './stage/stage.js'
import { contentOf, validIds } from './stage/topic-content.js'

const APPEND_MS = 400
/** An answer comes at the deadline, give or take what a busy machine takes. */
const LATEST_MS = 20_000

kafkaSuite('an append that takes longer than appendTimeoutMs', () => {
  it('is of unknown outcome when it was sent, and not sent when it was queued behind that', async () => {
    const { store, port, topic } = await openStage({ appendTimeoutMs: APPEND_MS })
    const before = await append(store, 'account-1')
    const gate = new Gate()
    port.otherwise = async () => {
      await gate.pass()
      throw new TransportError('the request was lost', true)
    }
    const began = performance.now()
    const open = appendOf(store, 'account-1', { expected: 0 })
    const first = open.run().catch((error: unknown) => error)
    await gate.reached
    const queued = appendOf(store, 'account-2', { expected: 'none' })
    const second = queued.run().catch((error: unknown) => error)
    expect(await first).toMatchObject({ code: 'HC_APPEND_OUTCOME_UNKNOWN', retryable: true })
    expect(await second).toMatchObject({ code: 'HC_APPEND_NOT_SENT', retryable: true })
    expect(performance.now() - began).toBeLessThan(LATEST_MS)
    expect(await validIds(topic)).toEqual(before)

    // The writer goes on in the background; the same command gives its first result, and is written once.
    port.otherwise = send => send()
    gate.open()
    expect(await open.run()).toMatchObject({ kind: 'appended', repeated: true, versions: [1] })
    expect(await queued.run()).toMatchObject({ kind: 'appended', repeated: false, versions: [0] })
    expect(await validIds(topic)).toEqual([...before, ...open.ids, ...queued.ids])
  })

  it('comes to its end in the background, although nobody asks again', async () => {
    const { store, port, topic } = await openStage({ appendTimeoutMs: APPEND_MS })
    await append(store, 'account-1')
    port.otherwise = requestLost
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    await expect(run()).rejects.toMatchObject({ code: 'HC_APPEND_OUTCOME_UNKNOWN' })
    port.otherwise = send => send()
    await expect.poll(() => idsOf(store, 'account-1')).toContain(ids[0])
    expect(await contentOf(topic)).toHaveLength(3)
  })

  it('was not sent when there was no connection, and then it never is', async () => {
    const { store, port, topic } = await openStage({ appendTimeoutMs: APPEND_MS })
    const before = await append(store, 'account-1')
    port.otherwise = noConnection
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    await expect(run()).rejects.toMatchObject({ code: 'HC_APPEND_NOT_SENT', retryable: true })
    port.otherwise = send => send()
    const after = await append(store, 'account-1', { expected: 0 })
    expect(await validIds(topic)).toEqual([...before, ...after])
    expect(after).not.toEqual(ids)
  })

  it('says what the broker answered last', async () => {
    const { store, port } = await openStage({ appendTimeoutMs: APPEND_MS })
    await append(store, 'account-1')
    port.otherwise = async () => ({ errorCode: 19, baseOffset: -1, logAppendTime: -1 })
    const error = (await appendOf(store, 'account-1')
      .run()
      .catch((reason: unknown) => reason)) as Error
    expect(error).toMatchObject({ code: 'HC_APPEND_OUTCOME_UNKNOWN' })
    expect((error.cause as Error).message).toMatch(/NOT_ENOUGH_REPLICAS/)
    port.otherwise = send => send()
  })

  it('is written once although the topic refused the repetition for a while', async () => {
    const { store, port, topic } = await openStage({ appendTimeoutMs: APPEND_MS, deaf: true })
    const before = await append(store, 'account-1')
    await limitBatches(topic, 2000)
    // The first try may have been stored as far as the writer knows; the others the broker really refuses.
    port.next(requestLost)
    const { run, ids } = appendOf(store, 'account-1', { expected: 0, bytes: 10_000 })
    await expect(run()).rejects.toMatchObject({ code: 'HC_APPEND_OUTCOME_UNKNOWN' })
    await alterTopic(topic, { 'max.message.bytes': '1048588' })
    await expect.poll(() => idsOf(store, 'account-1')).toContain(ids[0])
    expect(await run()).toMatchObject({ kind: 'appended', repeated: true })
    expect(await validIds(topic)).toEqual([...before, ...ids])
  })

  it('is answered when its store closes', async () => {
    const { store, port } = await openStage({ appendTimeoutMs: APPEND_MS })
    await append(store, 'account-1')
    port.otherwise = requestLost
    const outcome = appendOf(store, 'account-1')
      .run()
      .catch((error: unknown) => error)
    const began = performance.now()
    await store[Symbol.asyncDispose]()
    expect(await outcome).toMatchObject({ code: 'HC_APPEND_OUTCOME_UNKNOWN' })
    expect(performance.now() - began).toBeLessThan(LATEST_MS)
  })
})

kafkaSuite('a fresh look at the log', () => {
  it('ends with an error at appendTimeoutMs while no broker answers, and the next one sees what came meanwhile', async () => {
    const stage = await openStage({ appendTimeoutMs: APPEND_MS, deaf: true })
    const { store, port } = stage
    const ids = [...(await append(store, 'account-1'))]
    let asked = 0
    port.onEnd = async () => {
      asked++
      throw new TransportError('the brokers are away', true)
    }
    ids.push(...(await append((await openRival(stage)).store, 'account-1', { expected: 0 })))
    const began = performance.now()
    const looks = [
      ...Array.from({ length: 50 }, () => eventsOf(store, 'account-1', true)),
      ...Array.from({ length: 50 }, () => store.end(0, { fresh: true })),
    ]
    for (const look of await Promise.allSettled(looks))
      expect(look).toMatchObject({
        status: 'rejected',
        reason: { code: 'HC_KAFKA_UNREACHABLE', retryable: true, context: { timeoutMs: APPEND_MS } },
      })
    expect(performance.now() - began).toBeLessThan(LATEST_MS)
    // They share one question: none asks on its own, also not afterwards.
    expect(asked).toBeLessThan(looks.length)
    expect((await eventsOf(store, 'account-1')).map(({ id }) => id)).toEqual(ids.slice(0, 1))
    port.onEnd = end => end()
    expect(await idsOf(store, 'account-1')).toEqual(ids)
  })
})
