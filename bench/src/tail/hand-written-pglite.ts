import { PGlite } from '@electric-sql/pglite'
import { ADD, HAND_WRITTEN, READ, type HandWritten } from './hand-written.js'

/** By hand in PGlite, in this thread as its documentation shows: one statement an event. */
export async function handWrittenPglite(folder: string): Promise<HandWritten> {
  const pglite = await PGlite.create(folder)
  await pglite.exec(HAND_WRITTEN)
  const add = async (row: string, cents: number): Promise<void> => {
    await pglite.query(ADD, [row, cents])
  }
  return {
    add,
    async addAndRead(row, cents) {
      await add(row, cents)
      await pglite.query(READ, [row])
    },
    [Symbol.asyncDispose]: () => pglite.close(),
  }
}
