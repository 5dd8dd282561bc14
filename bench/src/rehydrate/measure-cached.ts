import { deposit } from '../bank/deposit.js'
import type { Ledger } from '../bank/ledger.js'
import { startBank } from '../bank/start-bank.js'
import { runClients } from '../measure/run-clients.js'
import type { SuiteRun } from '../suite/suite.js'
import { countingReads, type ReadCount } from './counting-reads.js'
import type { Accounts } from './measure-loading.js'

const COMMANDS = 1000

/** Deposits into accounts whose state is known from the command before, and counts how often a stream is read. */
export async function measureCached(
  { ground, found }: SuiteRun,
  { first, streams, events }: Accounts,
  ledger: Ledger,
): Promise<void> {
  const count: ReadCount = { reads: 0 }
  await using app = await startBank(countingReads(ground.log, count), 'cached')
  for (let n = 0; n < streams; n++) await deposit(app, ledger, first + n, n)
  const readsUncached = count.reads
  await runClients(1, { operations: COMMANDS }, n => deposit(app, ledger, first + (n % streams), n))
  found({
    metric: 'readsPerCommand',
    concurrency: 1,
    value: (count.reads - readsUncached) / COMMANDS,
    baseline: 'the first command on each stream',
    baselineValue: readsUncached / streams,
    streams,
    events,
    variant: 'state cached',
  })
  await ledger.check(app.store)
}
