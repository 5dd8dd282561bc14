import { MemoryReadModelStore, type ReadModelStore } from '@hindcast/core'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SqlReadModelStore } from '../../../src/store/sql-read-model-store.js'
import { sqlSuite, type TestDatabase } from '../setup/databases.js'
import { anyRow, codec, everything, place, write } from '../setup/rows.js'

sqlSuite('rows', ({ make }) => {
  let database: TestDatabase
  let store: ReadModelStore
  let memory: ReadModelStore

  beforeAll(async () => {
    database = await make()
    store = new SqlReadModelStore(await database.open())
    memory = new MemoryReadModelStore()
    for (const each of [store, memory]) await each.prepare(everything, [place.log])
  })
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  it('come back as the store in memory gives them, whatever they hold and in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyRow, { maxLength: 8, selector: row => codec.keyOf(row) }),
        fc.boolean(),
        async (rows, shared) => {
          const deletes = (await memory.read(place, { kind: 'all' })).rows
            .map(row => codec.keyOf(row as never))
            .filter((key, index) => index % 2 === 0 && !rows.some(row => codec.keyOf(row) === key))
          for (const each of [store, memory]) await write(each, place, rows, deletes, shared)
          const [ours, theirs] = await Promise.all(
            [store, memory].map(each => each.read(place, { kind: 'all' }, { ...place, offset: 0n })),
          )
          expect(ours).toEqual(theirs)
          for (const row of rows) {
            const query = { kind: 'key', key: codec.keyOf(row) } as const
            expect(await store.read(place, query, { ...place, offset: 0n })).toEqual(
              await memory.read(place, query, { ...place, offset: 0n }),
            )
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('are read by SQL with the same values', async () => {
    await fc.assert(
      fc.asyncProperty(anyRow, async row => {
        await write(store, place, [row])
        const found = await store.read(place, {
          kind: 'sql',
          text: 'select * from everything where id = $1',
          params: [codec.keyOf(row)],
        })
        expect(found.rows).toEqual([{ ...row }])
      }),
      { numRuns: 20 },
    )
  })
})
