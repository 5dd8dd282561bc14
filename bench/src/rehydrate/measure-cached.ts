import { runDeposits } from '../bank/deposit.js'
import type { Ledger } from '../bank/ledger.js'
import { startBank } from '../bank/start-bank.js'
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
  await runDeposits(app, ledger, 1, { operations: streams }, n => first + n)
  const readsUncached = count.reads
  await runDeposits(app, ledger, 1, { operations: COMMANDS }, n => first + (n % streams))
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
