import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { LAST_SEQUENCE } from '../../src/validity/reserved-producer.js'
import { append, appendOf, idsOf } from './stage/appends.js'
import { createTopic } from './stage/foreign.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { newTopic } from './stage/place.js'
import { rawGenesis, RawWriter } from './stage/raw-writer.js'
import { openRival, openStage } from './stage/stage.js'
import { contentOf, validIds } from './stage/topic-content.js'
import { createdSettings } from '../../src/topic/settings.js'

/** A log whose next sequence number is so many in front of the last one that there is. */
async function topicNearTheEdge(left: number): Promise<string> {
  const topic = newTopic()
  await createTopic(topic, 1, createdSettings(1))
  const writer = await RawWriter.open(topic)
  await writer.write(rawGenesis({ logId: randomUUID(), sequence: LAST_SEQUENCE - left }))
  return topic
}

kafkaSuite('sequence numbers', () => {
  it('begin again at 0 behind 2147483647, and a batch ends at the edge', async () => {
    const stage = await openStage({ topic: await topicNearTheEdge(10), deaf: true })
    const { store, topic } = stage
    await append(store, 'account-1', { events: 4 })
    // Queued together, they would make one batch across the edge.
    const appends = Array.from({ length: 6 }, (_, i) => appendOf(store, `account-${i + 2}`, { events: 2 }))
    await Promise.all(appends.map(({ run }) => run()))
    const content = await contentOf(topic)
    expect(content.every(({ valid }) => valid)).toBe(true)
    const edge = content.findIndex(({ sequence }) => sequence === 0)
    expect(content[edge - 1]).toMatchObject({ epoch: 0 })
    expect(content[edge - 1]!.sequence + content[edge - 1]!.last - content[edge - 1]!.base).toBe(
      LAST_SEQUENCE,
    )
    expect(await validIds(topic)).toHaveLength(16)
    const rival = await openRival(stage)
    expect(await idsOf(rival.store, 'account-7')).toEqual(appends[5]!.ids)
    await append(rival.store, 'account-1', { expected: 3 })
    await append(store, 'account-1')
    expect(await idsOf(rival.store, 'account-1')).toHaveLength(6)
  })

  it('go over the edge within a single append that is larger than what is left', async () => {
    const stage = await openStage({ topic: await topicNearTheEdge(3), deaf: true })
    const ids = await append(stage.store, 'account-1', { events: 10 })
    const more = await append(stage.store, 'account-1', { expected: 9 })
    const content = await contentOf(stage.topic)
    expect(content.map(({ sequence }) => sequence)).toEqual([LAST_SEQUENCE - 3, LAST_SEQUENCE - 2, 7])
    expect(await validIds(stage.topic)).toEqual([...ids, ...more])
    expect(await idsOf((await openRival(stage)).store, 'account-1')).toEqual([...ids, ...more])
  })
})
