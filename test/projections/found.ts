import type { App, Position } from '@hindcast/core'
import type { Found } from './checker.js'
import { Entries, Tally, Totals } from './counting.js'

/** Waits until the read models have come to all the positions, and reads them. */
export async function found(app: App, last: Iterable<Position>, timeoutMs: number): Promise<Found> {
  for (const atLeast of last) {
    await app.view(Tally).all({ atLeast, timeoutMs })
    await app.view(Totals).all({ atLeast, timeoutMs })
    await app.view(Entries).query('select 1 as one', [], { atLeast, timeoutMs })
  }
  return {
    tally: await app.view(Tally).all(),
    total: (await app.view(Totals).get('all'))?.count,
    entries: (await app.view(Entries).query('select counter, n from entries')) as {
      counter: string
      n: number
    }[],
  }
}
