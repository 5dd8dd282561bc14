import type { ReadModelStore } from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { admits, collecting, committedRows, replaced, transacting } from './planting.js'

/** What is wrong with rows that several partitions change. */
export const sharedRowFaults: Faults = {
  'locks no rows': {
    plant: transacting(async (store, fence, work) => {
      if (!(await admits(store, fence))) return 'fenced'
      const { tx, replay } = collecting(store, fence)
      await work(tx)
      return store.transact(fence, replay)
    }),
    caughtBy: [
      'partitions that count in one row at the same time lose nothing',
      'partitions that make the same new row at the same time lose nothing',
      'partitions that name the same rows in different orders neither lose anything nor lock up',
      'two stores that count in one row at the same time lose nothing',
    ],
  },
  'locks only rows that exist': {
    plant: (store, { notes }) => locking(store, locksIn(notes), keys => keys.toSorted(), true),
    caughtBy: ['partitions that make the same new row at the same time lose nothing'],
  },
  'locks rows in its own process only': {
    plant: store => locking(store, new Map(), keys => keys.toSorted()),
    caughtBy: ['two stores that count in one row at the same time lose nothing'],
  },
  'locks rows in the order in which they are named': {
    plant: (store, { notes }) => locking(store, locksIn(notes), keys => keys),
    caughtBy: ['partitions that name the same rows in different orders neither lose anything nor lock up'],
    hangs: true,
  },
}

type Locks = Map<string, Promise<void>>

function locksIn(notes: Map<string, unknown>): Locks {
  const locks = (notes.get('locks') ?? new Map()) as Locks
  notes.set('locks', locks)
  return locks
}

/** Transactions run side by side, held back by locks on rows alone. */
function locking(
  store: ReadModelStore,
  locks: Locks,
  order: (keys: readonly string[]) => readonly string[],
  onlyExisting = false,
): ReturnType<Plant> {
  return replaced(store, {
    transact: async (fence, work) => {
      if (!(await admits(store, fence))) return 'fenced'
      const held: (() => void)[] = []
      const { tx, replay } = collecting(store, fence, async (keys, { shared }) => {
        const there = onlyExisting ? await committedRows(store, fence, keys) : undefined
        if (shared) for (const key of order(keys)) if (there?.has(key) ?? true) await lock(key, held)
        return committedRows(store, fence, keys)
      })
      try {
        await work(tx)
        return await store.transact(fence, replay)
      } finally {
        for (const free of held) free()
      }
    },
  })

  async function lock(key: string, held: (() => void)[]): Promise<void> {
    const before = locks.get(key)
    let free = (): void => undefined
    locks.set(
      key,
      Promise.all([before, new Promise<void>(resolve => (free = resolve))]).then(() => undefined),
    )
    held.push(() => free())
    await before
  }
}
