import { partitionOf } from '@hindcast/core'
import { expect, it } from 'vitest'
import { append } from './stage/appends.js'
import { until } from './stage/gate.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { openRival, openStage } from './stage/stage.js'

const FIRST = 'key-0'
const OTHER = ['key-1', 'key-2', 'key-3', 'key-4', 'key-5'].find(
  key => partitionOf(key, 8) !== partitionOf(FIRST, 8),
)!

kafkaSuite('a stream that is written with another partition key', () => {
  it('is refused, as soon as its first events are known', async () => {
    const stage = await openStage({ partitions: 8 })
    await append(stage.store, 'account-1', { partitionKey: FIRST })
    const rival = await openRival(stage, { partitions: 8 })
    await expect(append(rival.store, 'account-1', { partitionKey: OTHER })).rejects.toMatchObject({
      code: 'HC_PARTITION_KEY_CHANGED',
    })
  })

  it('is said by name, when two processes did so before they heard of each other', async () => {
    const stage = await openStage({ partitions: 8, deaf: true })
    const rival = await openRival(stage, { partitions: 8, deaf: true })
    await append(stage.store, 'account-1', { partitionKey: FIRST })
    await append(rival.store, 'account-1', { partitionKey: OTHER })
    const later = await openRival(stage, { partitions: 8 })
    // Its index tells as soon as it is on disk; every append is refused from then on.
    let error: unknown
    await until(async () => {
      error = await append(later.store, 'account-1', { partitionKey: FIRST }).catch(
        (reason: unknown) => reason,
      )
      return (error as { code?: string }).code === 'HC_LOG_INTEGRITY'
    }, 'the stream in two partitions is noticed')
    expect((error as Error).message).toMatch(/"account-1".*different partitionBy/)
  })
})
