import { describe, expect, it } from 'vitest'
import { MemoryReadModelStore } from '../../src/index.js'
import { Column, Event, Key, Projection, projectionInfo, RowProjection, Upsert } from '../../src/index.js'

class Ticked extends Event('clock.ticked') {}
class TickRow {
  @Key() @Column('text') id!: string
  @Column('integer') ticks!: number
}
@Projection('ticks', { version: 1, row: TickRow })
class Ticks extends RowProjection<TickRow> {
  @Upsert(Ticked) ticked(row: TickRow | undefined) {
    return { id: 'a', ticks: (row?.ticks ?? 0) + 1 }
  }
}
const at = { projection: 'ticks', version: 1, log: 'l', partition: 0 }
const one = (ticks: number) => ({ upserts: new Map([['a', { id: 'a', ticks }]]), deletes: [] })

async function open(): Promise<MemoryReadModelStore> {
  const store = new MemoryReadModelStore()
  await store.prepare(projectionInfo(Ticks), ['l'])
  return store
}

describe('the fence of a read-model store', () => {
  it('lets the owner go on from where it stands, once', async () => {
    const store = await open()
    const { next, epoch } = await store.claim(at)
    expect(next).toBe(0n)
    const fence = { ...at, from: 0n, epoch, next: 5n }
    let worked = 0
    const work = async (): Promise<void> => void worked++
    expect(await store.transact(fence, work)).toBe('committed')
    expect(await store.transact(fence, work)).toBe('fenced')
    expect(worked).toBe(1)
    expect(await store.checkpoint(at)).toBe(5n)
  })

  it('keeps a frozen owner out, however far it was, when another has claimed the partition', async () => {
    const store = await open()
    const frozen = await store.claim(at)
    const next = await store.claim(at)
    expect(next.epoch).not.toBe(frozen.epoch)
    expect(
      await store.transact({ ...at, from: 0n, epoch: frozen.epoch, next: 5n }, async () => undefined),
    ).toBe('fenced')
    expect(
      await store.transact({ ...at, from: 0n, epoch: next.epoch, next: 5n }, async () => undefined),
    ).toBe('committed')
  })

  it('moves nothing when the work throws', async () => {
    const store = await open()
    const { epoch } = await store.claim(at)
    const fence = { ...at, from: 0n, epoch, next: 5n }
    await expect(
      store.transact(fence, async tx => {
        await tx.save(one(7) as never)
        throw new Error('crash')
      }),
    ).rejects.toThrow('crash')
    expect(await store.checkpoint(at)).toBe(0n)
    expect((await store.read(at, { kind: 'all' })).rows).toEqual([])
  })
})
