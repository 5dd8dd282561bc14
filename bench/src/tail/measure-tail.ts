import { type App, type Position } from '@hindcast/core'
import { Deposit } from '../bank/account.js'
import type { Ledger } from '../bank/ledger.js'
import { accountKey, depositData } from '../bank/sample.js'
import { Latencies } from '../measure/latencies.js'
import type { Turn } from '../measure/run-clients.js'
import { Balances } from '../rebuild/balances.js'
import type { Commits } from './commits.js'
import type { HandWritten } from './hand-written.js'
import { openLoop } from './open-loop.js'

/** Every so-and-so-manieth event has a reader that waits for it. */
const READ_EVERY = 20
const READ_TIMEOUT_MS = 60_000

/** At which rate, and how long. */
export interface Pace {
  readonly rate: number
  readonly seconds: number
}

/** What one turn came to. */
export interface TailTurn {
  /** Until an event was committed to the read model. */
  readonly visible: Turn
  /** Until a reader that waits for it had its row. */
  readonly read: Turn
}

/** Sends commands at a steady rate, and looks when their events can be seen in the read model. */
export async function measureTail(
  app: App,
  commits: Commits,
  ledger: Ledger,
  { rate, seconds }: Pace,
  accountOf: (n: number) => number,
): Promise<TailTurn> {
  const view = app.view(Balances)
  const written: { due: number; position: Position }[] = []
  commits.forget()
  return timed(async (visible, read) => {
    await openLoop(rate, seconds, async (n, due) => {
      const account = accountOf(n)
      const data = depositData(n)
      const { position } = await app.execute(accountKey(account), Deposit.of(data))
      ledger.note(account, data.cents)
      written.push({ due, position })
      if (n % READ_EVERY > 0) return
      await view.get(accountKey(account), { atLeast: position, timeoutMs: READ_TIMEOUT_MS })
      read.add(performance.now() - due)
    })
    await commits.cover(written.map(({ position }) => position))
    for (const { due, position } of written) visible.add(commits.visibleAt(position)! - due)
  })
}

/** The same by hand. */
export async function measureByHand(
  byHand: HandWritten,
  { rate, seconds }: Pace,
  accountOf: (n: number) => number,
): Promise<TailTurn> {
  return timed(async (visible, read) => {
    await openLoop(rate, seconds, async (n, due) => {
      const row = accountKey(accountOf(n))
      const { cents } = depositData(n)
      if (n % READ_EVERY === 0) {
        await byHand.addAndRead(row, cents)
        read.add(performance.now() - due)
      } else {
        await byHand.add(row, cents)
        visible.add(performance.now() - due)
      }
    })
  })
}

async function timed(work: (visible: Latencies, read: Latencies) => Promise<void>): Promise<TailTurn> {
  const [visible, read] = [new Latencies(), new Latencies()]
  const since = performance.now()
  const cpuBefore = process.cpuUsage()
  await work(visible, read)
  const elapsedMs = performance.now() - since
  const { user, system } = process.cpuUsage(cpuBefore)
  const turn = (latencies: Latencies): Turn => ({
    operations: latencies.count,
    elapsedMs,
    cpuMs: (user + system) / 1000,
    latencies: latencies.sorted(),
  })
  return { visible: turn(visible), read: turn(read) }
}
