import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import kafkajs from 'kafkajs'
import { expect, it, onTestFinished } from 'vitest'
import type { SkippedRecords } from '@hindcast/kafka-store'
import { partitionOf } from '@hindcast/core'
import { HEADER } from '../../src/record/header-names.js'
import { append, appendOf, eventsOf, idsOf } from './stage/appends.js'
import { alterTopic, foreignProducer, writeForeign } from './stage/foreign.js'
import { until } from './stage/gate.js'
import { brokers, kafkaSuite } from '../../../../test/servers/suites.js'
import { rawBatch, RawWriter } from './stage/raw-writer.js'
import { openRival, openStage, type Stage } from './stage/stage.js'
import { contentOf, validIds } from './stage/topic-content.js'

/** What is said to be skipped of a topic, from now to the end of the test. */
function skippedOf(topic: string): SkippedRecords[] {
  const said: SkippedRecords[] = []
  const hear = (message: unknown): void => {
    if ((message as SkippedRecords).topic === topic) said.push(message as SkippedRecords)
  }
  subscribe('hindcast:kafka:skipped', hear)
  onTestFinished(() => void unsubscribe('hindcast:kafka:skipped', hear))
  return said
}

/** The ids of the log's events, by subscription. */
async function readLog({ store }: Stage): Promise<string[]> {
  const ids: string[] = []
  await store.end(0, { fresh: true })
  for await (const { events } of store.readLog(0)) ids.push(...events.map(({ id }) => id))
  return ids
}

/** What every reader must find: the store itself, and another process that reads everything anew. */
async function assertLog(stage: Stage, ids: readonly string[]): Promise<void> {
  expect(await readLog(stage)).toEqual(ids)
  expect(await readLog(await openRival(stage))).toEqual(ids)
  expect(await validIds(stage.topic)).toEqual(ids)
}

kafkaSuite('what else lies in the topic', () => {
  it('is skipped and said: records of a program that knows nothing of the protocol', async () => {
    const stage = await openStage()
    const said = skippedOf(stage.topic)
    const first = await append(stage.store, 'account-1')
    await writeForeign(stage.topic, 'hello')
    const second = await append(stage.store, 'account-1', { expected: 0 })
    await assertLog(stage, [...first, ...second])
    expect(said).toEqual([
      expect.objectContaining({ kind: 'foreign', partition: 0, from: 2, to: 2 }),
      expect.objectContaining({ kind: 'foreign', partition: 0, from: 2, to: 2 }),
    ])
  })

  it('is skipped, also when it looks like an event of the log but has another producer', async () => {
    const stage = await openStage()
    const first = await append(stage.store, 'account-1')
    await writeForeign(stage.topic, '{"forged":true}', {
      [HEADER.id]: 'forged',
      [HEADER.type]: 'test.happened',
      [HEADER.source]: `hindcast:${stage.store.logId}`,
      [HEADER.subject]: 'account-1',
      [HEADER.time]: new Date().toISOString(),
      [HEADER.streamVersion]: '1',
      [HEADER.schemaVersion]: '1',
      [HEADER.commandId]: 'forged',
      [HEADER.after]: '1',
    })
    const second = await append(stage.store, 'account-1', { expected: 0 })
    await assertLog(stage, [...first, ...second])
  })

  it('is skipped: a tombstone, of a stranger and of the reserved producer', async () => {
    const stage = await openStage()
    const said = skippedOf(stage.topic)
    const first = await append(stage.store, 'account-1')
    await writeForeign(stage.topic, null)
    const second = await append(stage.store, 'account-1')
    await assertLog(stage, [...first, ...second])
    expect(said.every(({ kind }) => kind === 'foreign')).toBe(true)
  })

  it('is skipped: records of committed and aborted transactions, and the markers that end them', async () => {
    const stage = await openStage()
    const said = skippedOf(stage.topic)
    const ids = [...(await append(stage.store, 'account-1'))]
    const producer = await foreignProducer(`transactional-${stage.topic}`)
    const message = { topic: stage.topic, messages: [{ value: 'of a transaction', partition: 0 }] }
    const aborted = await producer.transaction()
    await aborted.send(message)
    ids.push(...(await append(stage.store, 'account-1')))
    await aborted.abort()
    ids.push(...(await append(stage.store, 'account-1')))
    const committed = await producer.transaction()
    await committed.send(message)
    // An open transaction holds up readers of committed records; appends and their readers do not wait for it.
    ids.push(...(await append(stage.store, 'account-1', { expected: 2 })))
    expect(await idsOf(stage.store, 'account-1')).toEqual(ids)
    await committed.commit()
    const content = await contentOf(stage.topic)
    expect(content.filter(({ control }) => control)).toHaveLength(2)
    await assertLog(stage, ids)
    // The log ends with a marker, and is yet read to its end.
    expect(await stage.store.end(0, { fresh: true })).toBe(BigInt(content.at(-1)!.last + 1))
    expect(said.filter(({ from }) => content.find(({ base }) => base === from)!.control)).toEqual([])
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    "is skipped: a stranger's batch that is compressed with %s",
    async codec => {
      const stage = await openStage()
      const first = await append(stage.store, 'account-1')
      await alterTopic(stage.topic, { 'compression.type': codec })
      await until(async () => {
        await writeForeign(stage.topic, 'x'.repeat(500))
        return (await contentOf(stage.topic)).at(-1)!.codec === codec
      }, `the broker compresses with ${codec}`)
      await alterTopic(stage.topic, { 'compression.type': 'producer' })
      await until(async () => {
        await writeForeign(stage.topic)
        return (await contentOf(stage.topic)).at(-1)!.codec === 'none'
      }, 'the broker does not compress')
      const second = await append(stage.store, 'account-1')
      await assertLog(stage, [...first, ...second])
    },
  )

  it('never happened, is counted and said: batches of the reserved producer in the wrong place', async () => {
    const stage = await openStage({ deaf: true })
    const said = skippedOf(stage.topic)
    const warnings: Error[] = []
    const hear = (warning: Error): void => void warnings.push(warning)
    process.on('warning', hear)
    onTestFinished(() => void process.off('warning', hear))
    const first = await append(stage.store, 'account-1')
    const writer = await RawWriter.open(stage.topic)
    const { logId } = stage.store
    await writer.write(rawBatch({ logId, after: 0, epoch: 1, events: 2 }))
    await writer.write(rawBatch({ logId, after: 77, epoch: 1, sequence: 2 }))
    const second = await append(stage.store, 'account-1', { expected: 0 })
    expect(said).toEqual([
      {
        topic: stage.topic,
        partition: 0,
        from: 2,
        to: 3,
        kind: 'void',
        reason: expect.stringContaining('after offset 0') as string,
      },
      {
        topic: stage.topic,
        partition: 0,
        from: 4,
        to: 4,
        kind: 'void',
        reason: expect.stringContaining('after offset 77') as string,
      },
    ])
    await until(() => warnings.length > 0, 'a warning')
    const mine = warnings.filter(({ message }) => message.includes(stage.topic))
    expect(mine).toEqual([expect.objectContaining({ code: 'HC_KAFKA_VOID' })])
    await assertLog(stage, [...first, ...second])
  })

  it('never happened: a batch of the reserved producer for another log', async () => {
    const stage = await openStage({ deaf: true })
    const said = skippedOf(stage.topic)
    const first = await append(stage.store, 'account-1')
    const writer = await RawWriter.open(stage.topic)
    await writer.write(rawBatch({ logId: 'another', after: 1, epoch: 1 }))
    const second = await append(stage.store, 'account-1', { expected: 0 })
    expect(said).toEqual([
      expect.objectContaining({ kind: 'void', reason: expect.stringContaining('another') as string }),
    ])
    expect(await readLog(stage)).toEqual([...first, ...second])
    expect(await readLog(await openRival(stage))).toEqual([...first, ...second])
  })
})

kafkaSuite('events that the broker has compressed', () => {
  it.each(['snappy', 'lz4', 'zstd'])('are refused with the name of what reads %s', async codec => {
    const stage = await openStage()
    const { store, topic } = stage
    await append(store, 'account-1')
    await alterTopic(topic, { 'compression.type': codec })
    await until(async () => {
      await append(store, 'account-1', { bytes: 500 })
      return (await contentOf(topic)).at(-1)!.codec === codec
    }, `the broker compresses with ${codec}`)
    await alterTopic(topic, { 'compression.type': 'producer' })
    const error = await openUnlessSettings(stage)
    expect(error).toMatchObject({ code: 'HC_KAFKA_CODEC', context: { codec } })
    expect((error as Error).message).toContain('compression.type=producer')
    expect((error as Error).message).toContain(codec === 'zstd' ? '@kafkajs/zstd' : `kafkajs-${codec}`)
  })

  it('are read as ever when that was gzip', async () => {
    const stage = await openStage()
    const { store, topic } = stage
    const ids = [...(await append(store, 'account-1'))]
    await alterTopic(topic, { 'compression.type': 'gzip' })
    await until(async () => {
      ids.push(...(await append(store, 'account-1', { bytes: 500 })))
      return (await contentOf(topic)).at(-1)!.codec === 'gzip'
    }, 'the broker compresses')
    await alterTopic(topic, { 'compression.type': 'producer' })
    expect(await openUnlessSettings(stage)).toBeUndefined()
    expect(await validIds(topic)).toEqual(ids)
  })

  /** What another process meets when it opens the log, as soon as it sees that the settings are right again. */
  async function openUnlessSettings(stage: Stage): Promise<unknown> {
    let error: unknown
    await until(async () => {
      error = await openRival(stage).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      return (error as { code?: string } | undefined)?.code !== 'HC_KAFKA_TOPIC_SETTINGS'
    }, 'the settings are right again')
    return error
  }
})

kafkaSuite('the topic to every other program', () => {
  it('is CloudEvents: the key is the partition key, the subject the stream, the value JSON', async () => {
    const { store, topic } = await openStage({ partitions: 3 })
    const { run, ids, commandId } = appendOf(store, 'account-7', { events: 2 })
    await run()
    const events = await eventsOf(store, 'account-7')
    const partition = partitionOf('account-7', 3)
    const seen: kafkajs.KafkaMessage[] = []
    const consumer = new kafkajs.Kafka({
      brokers: [...brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    }).consumer({
      groupId: topic,
    })
    onTestFinished(() => consumer.disconnect())
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ message, partition: from }) => {
        if (from === partition) seen.push(message)
      },
    })
    await until(() => seen.length >= 3, 'the consumer has read everything')
    expect(seen.slice(1).map(({ key, value }) => [key!.toString(), value!.toString()])).toEqual(
      events.map(({ data }) => ['account-7', data]),
    )
    expect(
      Object.fromEntries(Object.entries(seen[2]!.headers!).map(([name, value]) => [name, String(value)])),
    ).toEqual({
      ce_specversion: '1.0',
      ce_id: ids[1],
      ce_type: 'test.happened',
      ce_source: `hindcast:${store.logId}`,
      ce_subject: 'account-7',
      ce_time: new Date(events[1]!.time).toISOString(),
      'content-type': 'application/json',
      ce_streamversion: '1',
      ce_schemaversion: '1',
      ce_commandid: commandId,
    })
    expect(String(seen[1]!.headers!['ce_after'])).toBe('0')
  })
})
