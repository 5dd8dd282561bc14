import { compareKeys, type ReadSnapshot } from '@hindcast/core'
import type { Faults } from './fault.js'
import { reading, replaced } from './planting.js'

const idOf = (row: object): string => String((row as { readonly id: string }).id)

/** What is wrong with keys and the order of rows. */
export const keyFaults: Faults = {
  'sorts rows like a dictionary': {
    plant: reading(sortedBy((a, b) => a.localeCompare(b, 'en'))),
    caughtBy: [
      'rows with text keys come in the order of code points',
      'rows with integer keys come in the order of their values',
    ],
  },
  'sorts texts by their UTF-16 units': {
    plant: reading(sortedBy((a, b) => (a < b ? -1 : 1))),
    caughtBy: ['rows with text keys come in the order of code points'],
  },
  'sorts large numbers as texts': {
    plant: reading(sortedBy((a, b) => compareKeys('text', a, b))),
    caughtBy: [
      'rows with integer keys come in the order of their values',
      'rows with bigint keys come in the order of their values',
    ],
  },
  'gives rows backwards': {
    plant: reading(snapshot => ({ ...snapshot, rows: snapshot.rows.toReversed() })),
    caughtBy: [
      'rows with text keys come in the order of code points',
      'rows with integer keys come in the order of their values',
      'rows with bigint keys come in the order of their values',
      'rows with uuid keys come in the order of their texts',
    ],
  },
  'looks at 255 characters of a key': {
    plant: store =>
      replaced(store, {
        read: (projection, query, at) =>
          store.read(
            projection,
            query.kind === 'key' ? { kind: 'key', key: query.key.slice(0, 255) } : query,
            at,
          ),
      }),
    caughtBy: ['a key of 500 characters is a key'],
  },
  'compares keys by their value': {
    plant: store =>
      replaced(store, {
        read: (projection, query, at) => {
          if (query.kind !== 'key') return store.read(projection, query, at)
          const value = Number(query.key)
          const key = query.key.trim() === '' || Number.isNaN(value) ? query.key : String(value)
          return store.read(projection, { kind: 'key', key }, at)
        },
      }),
    caughtBy: ['reading a key that is no key of that type, or written differently, finds no row'],
  },
  'takes a UUID in capitals for the same key': {
    plant: store =>
      replaced(store, {
        read: (projection, query, at) =>
          store.read(
            projection,
            query.kind === 'key' ? { kind: 'key', key: query.key.toLowerCase() } : query,
            at,
          ),
      }),
    caughtBy: ['reading a key that is no key of that type, or written differently, finds no row'],
  },
}

function sortedBy(compare: (a: string, b: string) => number): (snapshot: ReadSnapshot) => ReadSnapshot {
  return snapshot => ({ ...snapshot, rows: snapshot.rows.toSorted((a, b) => compare(idOf(a), idOf(b))) })
}
