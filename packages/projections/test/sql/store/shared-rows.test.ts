import {
  Column,
  Event,
  Key,
  Projection,
  projectionInfo,
  RowProjection,
  Upsert,
  type ReadModelStore,
  type Row,
} from '@hindcast/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SqlReadModelStore } from '../../../src/store/sql-read-model-store.js'
import { sqlSuite, type TestDatabase } from '../setup/databases.js'

class Flown extends Event('flight.flown') {}
class AirportRow {
  @Key() @Column('text') id!: string
  @Column('bigint') flights!: bigint
  @Column('timestamptz') seen!: Date
  @Column('jsonb') about!: object
}
@Projection('airports', { version: 1, row: AirportRow })
class Airports extends RowProjection<AirportRow> {
  @Upsert(Flown) flown(row: AirportRow | undefined) {
    return row ?? null
  }
}

const WORKERS = 4
const BATCHES = 25
const FLIGHTS = 20
const KEYS = 30
const place = { projection: 'airports', version: 1, log: 'log-1' }

/** A small generator of numbers that come out the same each time. */
function numbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

sqlSuite('rows fed from several partitions', ({ make }) => {
  let database: TestDatabase
  const stores: ReadModelStore[] = []

  beforeAll(async () => {
    database = await make()
    for (let worker = 0; worker < WORKERS; worker++) {
      const store = new SqlReadModelStore(await database.open())
      await store.prepare(projectionInfo(Airports), ['log-1'])
      stores.push(store)
    }
  })
  afterAll(async () => {
    await database[Symbol.asyncDispose]()
  })

  /** One worker: counts the flights of its partition, and now and then deletes what it finds at zero or on a whim. */
  async function work(store: ReadModelStore, partition: number, counted: Map<string, bigint>): Promise<void> {
    const random = numbers(partition + 7)
    const at = { ...place, partition }
    let { next, epoch } = await store.claim(at)
    for (let batch = 0; batch < BATCHES; batch++) {
      const keys = Array.from({ length: FLIGHTS }, () => `airport-${Math.floor(random() * KEYS)}`)
      const result = await store.transact({ ...at, from: next, epoch, next: next + 1n }, async tx => {
        const loaded = await tx.load([...new Set(keys), `untouched-${partition}`], { shared: true })
        const upserts = new Map<string, Row>()
        for (const id of keys) {
          const before = upserts.get(id) ?? loaded.get(id)
          const flights = ((before?.['flights'] as bigint | undefined) ?? 0n) + 1n
          upserts.set(id, { id, flights, seen: new Date(batch), about: { last: partition } })
        }
        await tx.save({ upserts, deletes: [] })
      })
      expect(result).toBe('committed')
      next++
      for (const id of keys) counted.set(id, (counted.get(id) ?? 0n) + 1n)
    }
  }

  it('are counted exactly by workers that run at the same time, without a deadlock', async () => {
    const counted = new Map<string, bigint>()
    await Promise.all(stores.map((store, partition) => work(store, partition, counted)))
    const { rows } = await stores[0]!.read(place, { kind: 'all' })
    const found = new Map((rows as readonly AirportRow[]).map(({ id, flights }) => [id, flights]))
    expect(found).toEqual(counted)
    expect([...found.values()].reduce((sum, flights) => sum + flights, 0n)).toBe(
      BigInt(WORKERS * BATCHES * FLIGHTS),
    )
  })

  it('leave nothing behind where a row was locked and not written, and stay exact when rows are deleted', async () => {
    const keys = ['x-1', 'x-2', 'x-3']
    const toggled = async (store: ReadModelStore, partition: number): Promise<number> => {
      const at = { ...place, partition: partition + 100 }
      const { next, epoch } = await store.claim(at)
      let made = 0
      for (let batch = 0n; batch < 20n; batch++)
        await store.transact({ ...at, from: next + batch, epoch, next: next + batch + 1n }, async tx => {
          const loaded = await tx.load(partition % 2 ? keys : keys.toReversed(), { shared: true })
          const missing = keys.filter(key => !loaded.has(key))
          made += missing.length - loaded.size
          await tx.save({
            upserts: new Map(missing.map(id => [id, { id, flights: 1n, seen: new Date(0), about: {} }])),
            deletes: [...loaded.keys()],
          })
        })
      return made
    }
    const made = await Promise.all(stores.map(toggled))
    const { rows } = await stores[0]!.read(place, {
      kind: 'sql',
      text: `select id from airports where id like 'x-%' or id like 'untouched-%'`,
      params: [],
    })
    // Each key was made and deleted in turn, 80 times in all: as many times made as deleted.
    expect(rows).toEqual([])
    expect(made.reduce((sum, count) => sum + count, 0)).toBe(0)
  })
})
