import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { createdSettings } from '../../src/topic/settings.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { createTopic } from './stage/foreign.js'
import { newTopic } from './stage/place.js'
import { rawBatch, rawGenesis, RawWriter } from './stage/raw-writer.js'
import { contentOf } from './stage/topic-content.js'

const PARTITIONS = 4
const OUT_OF_ORDER = 45
const EPOCH = 47

kafkaSuite('a request with batches for several partitions', () => {
  it('is answered for each of them, whatever becomes of the others', async () => {
    const topic = newTopic()
    await createTopic(topic, PARTITIONS, createdSettings(1))
    const logId = randomUUID()
    const writer = await RawWriter.open(topic)
    const genesis = rawGenesis({ logId, partitions: PARTITIONS })
    const all = Array.from({ length: PARTITIONS }, (_, partition) => partition)
    const made = await Promise.all(all.map(partition => writer.send(genesis, partition)))
    expect(made.map(({ errorCode, baseOffset }) => [errorCode, baseOffset])).toEqual(all.map(() => [0, 0]))
    const fine = rawBatch({ logId, after: 0, sequence: 1, epoch: 0 })
    const answers = await Promise.all([
      writer.send(fine, 0),
      writer.send(rawBatch({ logId, after: 0, sequence: 7 }), 1),
      writer.send(fine, 2),
      writer.send(genesis, 3),
    ])
    expect(answers.map(({ errorCode }) => errorCode)).toEqual([0, OUT_OF_ORDER, 0, 0])
    // Only the repetition is marked as one.
    expect(answers.map(({ logAppendTime }) => logAppendTime !== -1)).toEqual([false, false, false, true])
    const raised = rawBatch({ logId, after: 0, sequence: 0, epoch: 1 })
    await writer.write(raised, 1)
    const [stale, next] = await Promise.all([
      writer.send(fine, 1),
      writer.send(rawBatch({ logId, after: 1, sequence: 2, firstVersion: 1 }), 2),
    ])
    expect([stale!.errorCode, next!.errorCode, next!.baseOffset]).toEqual([EPOCH, 0, 2])
    expect((await contentOf(topic)).every(({ valid }) => valid)).toBe(true)
  })
})
