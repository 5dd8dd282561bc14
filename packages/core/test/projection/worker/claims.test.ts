import { describe, expect, it } from 'vitest'
import { FoldTarget, MemoryReadModelStore, PartitionWorker, projectionInfo } from '../../../src/index.js'
import type { CheckpointKey, MemoryTables, ReadModelStore, Standing } from '../../../src/index.js'
import { Balances, Opened } from '../bank.js'
import { BankLog } from '../log.js'

const HERE: CheckpointKey = { projection: 'balances', version: 1, log: 'bank', partition: 0 }

describe('a worker and its claim', () => {
  async function lonely(
    claimed?: (worker: PartitionWorker, store: ReadModelStore) => Promise<void>,
  ): Promise<{ log: BankLog; store: ReadModelStore; worker: PartitionWorker }> {
    const log = await BankLog.open()
    const tables: MemoryTables = new Map()
    const store = new MemoryReadModelStore(tables)
    const projection = projectionInfo(Balances)
    await store.prepare(projection, ['bank'])
    const source = log.source()
    const target = new FoldTarget(projection, [source], store)
    const worker: PartitionWorker = new PartitionWorker({
      target,
      store,
      source,
      partition: 0,
      halted: () => undefined,
      ...(claimed && { claimed: () => claimed(worker, store) }),
    })
    return { log, store, worker }
  }

  const standing = async (store: ReadModelStore): Promise<Standing | undefined> =>
    (await store.standing(HERE))[0]

  it('is reported before the first event is folded', async () => {
    const seen: unknown[] = []
    const { log, store, worker } = await lonely(async (claimant, tables) => {
      seen.push((await standing(tables))?.next)
      await claimant.report('me')
    })
    await log.append('a', Opened.of({ owner: 'Ada' }))
    await expect.poll(() => worker.status.state).toBe('live')
    expect(seen).toEqual([0n])
    expect(await standing(store)).toMatchObject({ report: { owner: 'me', state: 'catching-up' } })
    await worker.stop()
  })

  it('that is over is made anew as soon as a report is not kept, without any event', async () => {
    const { log, store, worker } = await lonely()
    await expect.poll(() => worker.status.state).toBe('live')
    await worker.report('me')
    const { epoch } = await store.claim(HERE)
    expect((await standing(store))?.report).toBeUndefined()
    await worker.report('me')
    await expect.poll(async () => (await standing(store))?.epoch).toBe(epoch + 1n)
    await expect.poll(() => worker.status.state).toBe('live')
    await worker.report('me')
    expect(await standing(store)).toMatchObject({ epoch: epoch + 1n, report: { owner: 'me', state: 'live' } })
    await log.append('a', Opened.of({ owner: 'Ada' }))
    await expect.poll(() => worker.status.checkpoint).toBe(1n)
    await worker.stop()
  })
})
