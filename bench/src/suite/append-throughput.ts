import { runDeposits } from '../bank/deposit.js'
import { Ledger } from '../bank/ledger.js'
import { openAccounts } from '../bank/open-accounts.js'
import { accountKey, depositData } from '../bank/sample.js'
import { startBank } from '../bank/start-bank.js'
import { findings } from '../measure/findings.js'
import { inTurns } from '../measure/in-turns.js'
import { runClients } from '../measure/run-clients.js'
import type { Suite } from './suite.js'

const ACCOUNTS = 1000

/** How many commands a process gets done when many are under way. */
export const appendThroughput: Suite = {
  name: 'append-throughput',
  about: 'many commands at a time over 1,000 accounts, each appended durable',
  options: ['seconds', 'concurrency'],
  againWith: '--max-semi-space-size=64',
  async run({ options, ground, found }) {
    const ledger = new Ledger()
    await using app = await startBank(ground.log, 'cached')
    await openAccounts(app.store, 0, ACCOUNTS, () => 2, ledger)
    for (const concurrency of options.concurrency) {
      await using raw = await ground.raw(concurrency)
      const turns = await inTurns(
        options.rounds,
        () => runDeposits(app, ledger, concurrency, options, n => n % ACCOUNTS),
        () => runClients(concurrency, options, n => raw.append(accountKey(n % ACCOUNTS), depositData(n))),
      )
      const conditions = { concurrency, streams: ACCOUNTS }
      findings(turns, ['commandsPerSecond', 'p50Ms', 'p99Ms', 'cpuMsPerCommand'], conditions).forEach(found)
    }
    await ledger.check(app.store)
  },
}
