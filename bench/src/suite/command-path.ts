import type { App } from '@hindcast/core'
import { OpenAccount, ShowBalance } from '../bank/account.js'
import { runDeposits } from '../bank/deposit.js'
import { Ledger, WrongBalanceError } from '../bank/ledger.js'
import { accountKey, depositData } from '../bank/sample.js'
import { startBank } from '../bank/start-bank.js'
import { Allocated } from '../measure/allocated.js'
import { inTurns } from '../measure/in-turns.js'
import { median } from '../measure/latencies.js'
import { runClients, type Turn } from '../measure/run-clients.js'
import { answering } from '../path/answering-store.js'
import { BareCommands } from '../path/bare-command.js'
import type { Suite } from './suite.js'

const STREAMS = [64, 4000]
const OPENERS = 1000
const BASELINE = 'class-validator on command and event, JSON.stringify, an answer in the next turn'

interface Cost {
  readonly cpuUs: number
  readonly bytes: number
}

/** What a command costs above the log. */
export const commandPath: Suite = {
  name: 'command-path',
  about: 'what a command costs above the log: on one that only answers',
  options: ['seconds', 'concurrency'],
  async run({ options, store, found, note }) {
    if (store !== 'memory') {
      note('left out: it has a log of its own, and is run with --store memory')
      return
    }
    await using app = await startBank(answering, 'cached')
    const ledger = new Ledger()
    const accounts = Math.max(...STREAMS)
    await runClients(OPENERS, { operations: accounts }, n =>
      app.execute(accountKey(n), OpenAccount.of({ owner: 'Ada' })),
    )
    for (const concurrency of options.concurrency)
      for (const streams of STREAMS) {
        const bare = new BareCommands()
        const cost = async (running: () => Promise<Turn>): Promise<Cost> => {
          const allocated = new Allocated()
          const { cpuMs, operations } = await running()
          return { cpuUs: (cpuMs * 1000) / operations, bytes: allocated.stop() / operations }
        }
        const turns = await inTurns(
          options.rounds,
          () => cost(() => runDeposits(app, ledger, concurrency, options, n => n % streams)),
          () => cost(() => runClients(concurrency, options, n => bare.execute(depositData(n)))),
        )
        for (const [metric, figure] of [
          ['cpuUsPerCommand', 'cpuUs'],
          ['allocatedBytesPerCommand', 'bytes'],
        ] as const)
          found({
            metric,
            concurrency,
            streams,
            value: median(turns.ours.map(turn => turn[figure])),
            baseline: BASELINE,
            baselineValue: median(turns.baseline.map(turn => turn[figure])),
          })
      }
    await checkStates(app, ledger, accounts)
  },
}

/** The states must be the sums of what was acknowledged; there is no log to read them from. */
async function checkStates(app: App, ledger: Ledger, accounts: number): Promise<void> {
  for (let n = 0; n < accounts; n++) {
    const { result } = await app.execute(accountKey(n), new ShowBalance())
    if (result.cents !== ledger.cents(n))
      throw new WrongBalanceError(
        `${accountKey(n)}: ${ledger.cents(n)} cents were acknowledged, its state has ${result.cents}`,
      )
  }
}
