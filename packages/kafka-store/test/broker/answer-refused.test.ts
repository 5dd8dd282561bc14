import { expect, it, onTestFinished, vi } from 'vitest'
import { AppendRefusedError } from '../../src/writer/errors.js'
import { append, appendOf } from './stage/appends.js'
import { answers } from './stage/faulty-port.js'
import { limitBatches } from './stage/foreign.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { openStage } from './stage/stage.js'
import { contentOf, validIds } from './stage/topic-content.js'

const TOO_LARGE = 10
const TOPIC_FORBIDDEN = 29
const CLUSTER_FORBIDDEN = 31
const INVALID_TIMESTAMP = 32
const POLICY = 44
const HOUR_MS = 3_600_000

kafkaSuite('an append that the broker refuses', () => {
  it.each([
    [TOO_LARGE, 'MESSAGE_TOO_LARGE', 'max.message.bytes'],
    [TOPIC_FORBIDDEN, 'TOPIC_AUTHORIZATION_FAILED', 'WRITE on the topic'],
    [CLUSTER_FORBIDDEN, 'CLUSTER_AUTHORIZATION_FAILED', 'IDEMPOTENT_WRITE'],
    [INVALID_TIMESTAMP, 'INVALID_TIMESTAMP', 'clock'],
    [POLICY, 'POLICY_VIOLATION', 'policy'],
  ])(
    'is answered with an error that names %i and what to do, and writes nothing',
    async (code, name, advice) => {
      const { store, port, topic } = await openStage()
      const before = await append(store, 'account-1')
      port.next(answers(code))
      const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
      const error: unknown = await run().catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(AppendRefusedError)
      expect(error).toMatchObject({ code: 'HC_KAFKA_REFUSED', retryable: false })
      expect((error as Error).message).toContain(name)
      expect((error as Error).message).toContain(advice)
      expect((error as Error).message).toContain(topic)
      expect(await validIds(topic)).toEqual(before)
      expect(await run()).toMatchObject({ kind: 'appended', repeated: false, versions: [1] })
      expect(await validIds(topic)).toEqual([...before, ...ids])
    },
  )

  it('was too large for the topic: nothing is written, and smaller ones go on', async () => {
    const stage = await openStage()
    const { store, topic } = stage
    await limitBatches(stage.topic, 4000)
    await expect(appendOf(store, 'account-1', { bytes: 10_000 }).run()).rejects.toMatchObject({
      code: 'HC_KAFKA_REFUSED',
    })
    const ids = await append(store, 'account-1', { bytes: 100 })
    expect((await validIds(topic)).slice(-1)).toEqual(ids)
  })

  it('is no reason to refuse those that were only in the same batch', async () => {
    const stage = await openStage()
    const { store, topic } = stage
    await limitBatches(stage.topic, 4000)
    const small = Array.from({ length: 40 }, (_, i) => appendOf(store, `account-${i + 10}`, { bytes: 500 }))
    const large = appendOf(store, 'account-99', { bytes: 10_000 })
    const outcomes = await Promise.allSettled(
      [...small.slice(0, 20), large, ...small.slice(20)].map(({ run }) => run()),
    )
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(outcomes[20]).toMatchObject({ status: 'rejected', reason: { code: 'HC_KAFKA_REFUSED' } })
    const valid = await validIds(topic)
    expect(valid.filter(id => small.some(({ ids }) => ids[0] === id))).toHaveLength(40)
    expect(valid).not.toContain(large.ids[0])
  })

  it.each([
    ['behind', -2 * HOUR_MS],
    ['ahead', 2 * HOUR_MS],
  ])(
    'came from a machine whose clock is hours %s: nothing is written, and it goes on when that is mended',
    async (_, by) => {
      const { store, topic } = await openStage()
      const before = await append(store, 'account-1')
      const { run, ids } = appendOf(store, 'account-2')
      const { timestamp: last } = (await contentOf(topic)).at(-1)!
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by })
      onTestFinished(() => void vi.useRealTimers())
      if (by > 0)
        await expect(run()).rejects.toMatchObject({
          code: 'HC_KAFKA_REFUSED',
          message: expect.stringContaining('clock') as string,
        })
      vi.useRealTimers()
      expect(await run()).toMatchObject({ kind: 'appended', repeated: false })
      expect(await validIds(topic)).toEqual([...before, ...ids])
      expect((await contentOf(topic)).at(-1)!.timestamp).toBeGreaterThanOrEqual(last)
    },
  )
})
