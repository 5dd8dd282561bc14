import type { ReadModelTx, Row } from '@hindcast/core'
import type { Faults } from './fault.js'
import { committedRows, givingBack, givingWork, reading, replaced, saving, transacting } from './planting.js'

/** What is wrong with rows and what their columns hold. */
export const rowFaults: Faults = {
  'loads nothing that was there before': {
    plant: givingWork(() => ({ load: async () => new Map<string, Row>() })),
    caughtBy: [
      'what was saved is loaded by later transactions, by its key, and nothing else is',
      'partitions that count in one row at the same time lose nothing',
    ],
  },
  'loads outside of transactions what it found there first': {
    plant: store => {
      const first = new Map<string, Row | undefined>()
      return replaced(store, {
        load: async (projection, keys) => {
          const now = await store.load(projection, keys)
          for (const key of keys) if (!first.has(key)) first.set(key, now.get(key))
          return new Map(keys.flatMap(key => (first.get(key) ? [[key, first.get(key)!] as const] : [])))
        },
      })
    },
    caughtBy: ['what was committed is loaded outside of transactions too, and what was not is not'],
  },
  'loads rows once, with those that were named before': {
    plant: store =>
      replaced(store, {
        transact: (fence, work, { loadsFirst = [] } = {}) =>
          store.transact(fence, async tx => {
            const first = await tx.load(loadsFirst, { shared: false })
            await work({
              ...tx,
              load: async (keys, options) => (keys === loadsFirst ? first : tx.load(keys, options)),
            })
          }),
      }),
    caughtBy: ['rows that are named before a transaction are loaded in it like all others'],
  },
  'keeps the old value where a row is saved with null': {
    plant: givingWork(tx => {
      let before: ReadonlyMap<string, Row> = new Map()
      return {
        load: async (keys, options) => (before = await tx.load(keys, options)),
        save: ({ upserts, deletes }) =>
          tx.save({
            upserts: new Map([...upserts].map(([key, row]) => [key, withoutNulls(row, before.get(key))])),
            deletes,
          }),
      }
    }),
    caughtBy: ['a saved row replaces the one before whole'],
  },
  'does not delete': {
    plant: saving(({ upserts }) => ({ upserts, deletes: [] })),
    caughtBy: [
      'a deleted row is gone, and can be made again',
      'one save writes some rows and deletes others',
    ],
  },
  'deletes only when there is nothing to write': {
    plant: saving(({ upserts, deletes }) => ({ upserts, deletes: upserts.size > 0 ? [] : deletes })),
    caughtBy: ['one save writes some rows and deletes others'],
  },
  'does not see in a transaction what that has saved': {
    plant: givingWork((_, fence, store) => ({ load: keys => committedRows(store, fence, keys) })),
    caughtBy: ['a transaction loads what it saved itself'],
  },
  'saves 1,000 rows at most': {
    plant: saving(({ upserts, deletes }) => ({ upserts: new Map([...upserts].slice(0, 1_000)), deletes })),
    caughtBy: ['thousands of rows are loaded and saved in one transaction'],
  },
  'forgets everything on reopening': {
    plant: (store, { opening, tables }) => {
      if (opening > 1) tables.clear()
      return store
    },
    caughtBy: [
      'rows and checkpoints are there after reopening',
      'rows, checkpoint, what is parked and passed and the answers are committed together',
      'every claim raises the epoch, also after reopening, and moves nothing',
    ],
  },
  'gives readers plain objects': {
    plant: reading(snapshot => ({ ...snapshot, rows: snapshot.rows.map(row => ({ ...row })) })),
    caughtBy: ['readers get objects of the row class, which are their own'],
  },
  'gives every reader the same object': {
    plant: store => {
      const first = new Map<string, readonly object[]>()
      return replaced(store, {
        read: async (projection, query, at) => {
          const name = JSON.stringify(query)
          const snapshot = await store.read(projection, query, at)
          if (!first.has(name)) first.set(name, snapshot.rows)
          return { ...snapshot, rows: first.get(name)! }
        },
      })
    },
    caughtBy: ['readers get objects of the row class, which are their own'],
  },
  'shows a commit a little later': {
    plant: store => {
      let before: Awaited<ReturnType<typeof store.read>> = { rows: [], reached: 0n }
      return replaced(store, {
        read: async (projection, query, at) => {
          const shown = before
          before = await store.read(projection, query, at)
          return shown
        },
      })
    },
    caughtBy: ['a commit is there for every reader when its transaction has ended'],
  },
  'forgets what it passed': {
    plant: givingWork((): Partial<ReadModelTx> => ({ pass: async () => undefined })),
    caughtBy: [
      'rows, checkpoint, what is parked and passed and the answers are committed together',
      'passed events are kept for ever, in the order of the log, with why',
    ],
  },
  'cuts long texts': {
    plant: givingBack('select', value => (typeof value === 'string' ? value.slice(0, 65_535) : value)),
    caughtBy: ['text keeps every character'],
  },
  'keeps integers in 16 bits': {
    plant: givingBack('Order', value => (typeof value === 'number' ? (value << 16) >> 16 : value)),
    caughtBy: ['integer keeps whole numbers of 32 bits'],
  },
  'keeps bigints as doubles': {
    plant: givingBack('user', value => (typeof value === 'bigint' ? BigInt(Number(value)) : value)),
    caughtBy: ['bigint keeps whole numbers of 64 bits'],
  },
  'keeps doubles in single precision': {
    plant: givingBack('theDouble', value => (typeof value === 'number' ? Math.fround(value) : value)),
    caughtBy: ['double precision keeps every finite number'],
  },
  'gives booleans as numbers': {
    plant: givingBack('table', value => (typeof value === 'boolean' ? Number(value) : value)),
    caughtBy: ['boolean keeps true and false'],
  },
  'cuts dates to the second': {
    plant: givingBack('ORDER', value =>
      value instanceof Date ? new Date(Math.floor(value.getTime() / 1_000) * 1_000) : value,
    ),
    caughtBy: ['timestamptz keeps dates of the years 1 to 9999, to the millisecond'],
  },
  'gives arrays as objects': {
    plant: givingBack('_json', value => (Array.isArray(value) ? Object.assign({}, value) : value)),
    caughtBy: ['jsonb keeps objects and arrays, whatever is in them'],
  },
  'gives UUIDs in capitals': {
    plant: givingBack('next', value => (typeof value === 'string' ? value.toUpperCase() : value)),
    caughtBy: ['uuid keeps UUIDs in small letters'],
  },
  'gives an empty text for null': {
    plant: givingBack('select', value => value ?? ''),
    caughtBy: [
      'null is kept in a column of every type, beside rows with values',
      'a saved row replaces the one before whole',
    ],
  },
  'leaves empty rows where it looked for some': {
    plant: transacting((store, fence, work) =>
      store.transact(fence, async tx => {
        const missing = new Set<string>()
        await work({
          ...tx,
          load: async (keys, options) => {
            const rows = await tx.load(keys, options)
            for (const key of keys) if (!rows.has(key)) missing.add(key)
            return rows
          },
          save: changes => {
            for (const key of changes.upserts.keys()) missing.delete(key)
            return tx.save(changes)
          },
        })
        const empty = [...missing].map(id => [id, { id, count: 0n }] as const)
        await tx.save({ upserts: new Map(empty), deletes: [] })
      }),
    ),
    caughtBy: ['a row that was only looked for is not there afterwards'],
  },
}

function withoutNulls(row: Row, before: Row | undefined): Row {
  if (!before) return row
  const entries = Object.entries(row).map(([name, value]) => [name, value ?? before[name]])
  return Object.assign(
    Object.create(Object.getPrototypeOf(row) as object) as Row,
    Object.fromEntries(entries),
  )
}
