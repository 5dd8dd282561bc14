import { systemClock, uuidV7Source, type SkippedRun } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { expect, it } from 'vitest'
import { brokers, kafkaSuite } from '../../../../test/servers/suites.js'
import { append } from './stage/appends.js'
import { writeForeign } from './stage/foreign.js'
import { rawBatch, RawWriter } from './stage/raw-writer.js'
import { openStage } from './stage/stage.js'

kafkaSuite('a reader of a topic', () => {
  it('tells with each batch what it has moved over, each record once and in its place', async () => {
    const { store, topic } = await openStage()
    const { logId } = store
    for (let i = 0; i < 3; i++) await append(store, 'account-1')
    await writeForeign(topic)
    const writer = await RawWriter.open(topic)
    await writer.write(rawBatch({ logId, after: 0, epoch: 1, events: 2 }))
    await append(store, 'account-1', { expected: 2 })
    await writeForeign(topic, null)
    const reader = await kafka({ brokers, topic })({
      clock: systemClock,
      ids: uuidV7Source(),
      run: 'workers',
    })
    const read = async (from: bigint): Promise<readonly SkippedRun[]> => {
      const runs: SkippedRun[] = []
      let next = from
      for await (const batch of reader.readLog(0, { from, batchEvents: 1 })) {
        for (const run of batch.skipped!) {
          expect(run.from >= next && run.from < batch.next).toBe(true)
          runs.push(run)
        }
        next = batch.next
      }
      expect(next).toBe(9n)
      return runs
    }
    const foreign = (offset: bigint): SkippedRun => ({
      ...{
        from: offset,
        next: offset + 1n,
        kind: 'foreign',
        reason: 'they were not written by this library',
      },
    })
    const all = [
      foreign(4n),
      {
        ...{ from: 5n, next: 7n, kind: 'void' },
        reason: 'it was decided after offset 0, but offset 3 was in front of it',
      },
      foreign(8n),
    ]
    expect(await read(0n)).toEqual(all)
    expect(await read(7n)).toEqual(all.slice(2))
    await reader[Symbol.asyncDispose]()
    for await (const { skipped } of store.readLog(0)) expect(skipped).toBeUndefined()
  })
})
