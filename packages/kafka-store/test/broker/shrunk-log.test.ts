import type { EventStore } from '@hindcast/core'
import { openIndexFolder } from '@hindcast/stream-index'
import { expect, it } from 'vitest'
import { createdSettings } from '../../src/topic/settings.js'
import { append, appendOf, idsOf } from './stage/appends.js'
import { noConnection } from './stage/faulty-port.js'
import { createTopic, withAdmin } from './stage/foreign.js'
import { until } from './stage/gate.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { rawBatch, rawGenesis, RawWriter } from './stage/raw-writer.js'
import { openRival, openStage } from './stage/stage.js'
import { contentOf, validIds } from './stage/topic-content.js'

/** A shorter log is believed after ten seconds. */
const CASE_MS = 240_000
const OUT_OF_RANGE = 1

/** Loses everything that the topic holds, and begins it anew. */
async function makeAgain(topic: string): Promise<void> {
  await withAdmin(admin => admin.deleteTopics({ topics: [topic] }))
  await until(
    () =>
      createTopic(topic, 1, createdSettings(1)).then(
        () => true,
        () => false,
      ),
    'the topic is made again',
  )
}

/** Reads a partition live to its end. @returns how many events there were, and with which code it ended */
async function readLive(store: EventStore): Promise<{ readonly events: number; readonly code: unknown }> {
  let count = 0
  try {
    for await (const { events } of store.readLog(0, { live: true })) count += events.length
    return { events: count, code: undefined }
  } catch (error) {
    return { events: count, code: (error as { code?: string }).code }
  }
}

kafkaSuite('a log that has become shorter than what was read of it', () => {
  it(
    'stops every process, also one that only waits, and live readers: nothing more is appended, and the error says what to do',
    async () => {
      const stage = await openStage({ appendTimeoutMs: 40_000 })
      const { store, topic } = stage
      await append(store, 'account-1', { events: 5 })
      const waiting = await openRival(stage, { appendTimeoutMs: 300 })
      waiting.port.otherwise = noConnection
      const readers = [store, waiting.store].map(each => readLive(each))
      await makeAgain(topic)
      const { run, ids } = appendOf(store, 'account-1', { expected: 4 })
      const first: unknown = await run().catch((error: unknown) => error)
      expect(['HC_APPEND_OUTCOME_UNKNOWN', 'HC_LOG_INTEGRITY']).toContain((first as { code: string }).code)
      const second: unknown = await run().catch((error: unknown) => error)
      expect(second).toMatchObject({ code: 'HC_LOG_INTEGRITY', context: { partition: 0, known: 6 } })
      expect((second as Error).message).toMatch(/Restore the topic.*delete the index folder/)
      expect(await validIds(topic)).not.toContain(ids[0])
      // It can send nothing, and is told all the same.
      const code = () => append(waiting.store, 'account-1').catch((error: { code?: string }) => error.code)
      await expect.poll(code, { timeout: 40_000 }).toBe('HC_LOG_INTEGRITY')
      for (const reader of readers)
        expect(await reader).toMatchObject({ code: 'HC_LOG_INTEGRITY', events: 5 })
    },
    CASE_MS,
  )

  it(
    'is not opened with an index that knows more',
    async () => {
      const stage = await openStage()
      const { store, topic, dataDir } = stage
      await append(store, 'account-1', { events: 5 })
      const { logId } = store
      await store[Symbol.asyncDispose]()
      await makeAgain(topic)
      const writer = await RawWriter.open(topic)
      await writer.write(rawGenesis({ logId }))
      const error: unknown = await openStage({ topic, dataDir }).then(
        () => 'it was opened',
        (reason: unknown) => reason,
      )
      expect(error).toMatchObject({ code: 'HC_LOG_INTEGRITY' })
      expect((error as Error).message).toContain('delete the index folder')
      expect(await contentOf(topic)).toHaveLength(1)
      const index = await openIndexFolder(dataDir, { logId, partitions: 1 })
      await index.close()
    },
    CASE_MS,
  )

  it('is believed to be as long as it was, while only a leader that was cut off says otherwise', async () => {
    const stage = await openStage()
    const { store, port, tail } = stage
    const ids = [...(await append(store, 'account-1', { events: 3 }))]
    const cutOff = async () => [
      {
        partition: 0,
        errorCode: OUT_OF_RANGE,
        highWatermark: -1,
        logStartOffset: 0,
        records: Buffer.alloc(0),
      },
    ]
    const rival = await openRival(stage)
    const { onFetch } = port
    port.onFetch = cutOff
    tail.onFetch = cutOff
    ids.push(...(await append(rival.store, 'account-1')))
    const before = port.fetches
    await until(() => port.fetches > before + 3, 'the leader was asked some times')
    port.onFetch = onFetch
    tail.onFetch = onFetch
    // It hears of the others again, without appending or reading freshly.
    ids.push(...(await append(rival.store, 'account-1')))
    await expect
      .poll(async () => (await store.end(0)) === (await rival.store.end(0)), { timeout: 40_000 })
      .toBe(true)
    expect(await idsOf(store, 'account-1')).toEqual(ids)
  })
})

kafkaSuite('an answer that names a place in front of what was read', () => {
  it('is no acknowledgement: the append is written behind the end, with the next epoch', async () => {
    const { store, port, topic } = await openStage({ deaf: true })
    const before = await append(store, 'account-1', { events: 3 })
    port.next(async () => ({ errorCode: 0, baseOffset: 1, logAppendTime: Date.now() }))
    const { run, ids } = appendOf(store, 'account-1', { expected: 2 })
    expect(await run()).toMatchObject({ kind: 'appended', repeated: false, versions: [3] })
    expect(await validIds(topic)).toEqual([...before, ...ids])
    expect((await contentOf(topic)).at(-1)).toMatchObject({ epoch: 1, sequence: 0 })
  })

  it('is no acknowledgement when it does not know the place', async () => {
    const { store, port, topic } = await openStage({ deaf: true })
    const before = await append(store, 'account-1')
    // What a broker says of a duplicate whose place it does not know.
    port.next(async send => ({ ...(await send()), baseOffset: -1 }))
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toMatchObject({ kind: 'appended', repeated: false, versions: [1] })
    expect(await validIds(topic)).toEqual([...before, ...ids])
    expect(await contentOf(topic)).toHaveLength(3)
  })
})

kafkaSuite('a log that was replaced by a longer one', () => {
  it('makes the index be filled anew, when it is another log', async () => {
    const { store, topic, dataDir } = await openStage()
    await append(store, 'account-1', { events: 2 })
    await store[Symbol.asyncDispose]()
    await makeAgain(topic)
    const writer = await RawWriter.open(topic)
    await writer.write(rawGenesis({ logId: 'another' }))
    await writer.write(rawBatch({ logId: 'another', after: 0, sequence: 1, events: 9, stream: 'account-2' }))
    const again = await openStage({ topic, dataDir })
    expect(again.store.logId).toBe('another')
    expect(await idsOf(again.store, 'account-1')).toEqual([])
    expect(await idsOf(again.store, 'account-2')).toHaveLength(9)
  })

  it('makes the index be filled anew, when its last batch is not what it was', async () => {
    const { store, topic, dataDir } = await openStage()
    await append(store, 'account-1', { events: 2 })
    const { logId } = store
    await store[Symbol.asyncDispose]()
    await makeAgain(topic)
    const writer = await RawWriter.open(topic)
    await writer.write(rawGenesis({ logId }))
    await writer.write(rawBatch({ logId, after: 0, sequence: 1, events: 2, stream: 'account-2' }))
    await writer.write(
      rawBatch({ logId, after: 2, sequence: 3, events: 2, stream: 'account-2', firstVersion: 2 }),
    )
    const again = await openStage({ topic, dataDir })
    expect(await idsOf(again.store, 'account-1')).toEqual([])
    expect(await idsOf(again.store, 'account-2')).toHaveLength(4)
  })
})
