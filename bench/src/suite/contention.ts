import type { App } from '@hindcast/core'
import { Ledger } from '../bank/ledger.js'
import { openAccounts } from '../bank/open-accounts.js'
import { startBank } from '../bank/start-bank.js'
import { CONTESTED } from '../contention/contender.js'
import { Crowd, type CrowdTurn } from '../contention/crowd.js'
import { findings } from '../measure/findings.js'
import { inTurns } from '../measure/in-turns.js'
import type { Suite, SuiteRun } from './suite.js'

/** How many commands are under way at a time, over all processes. */
const CLIENTS = 32

/** What is left of a store's speed when everybody wants the same stream, in one process and in several. */
export const contention: Suite = {
  name: 'contention',
  about: '32 commands at a time on ONE account, from 1 and from 4 processes',
  options: ['seconds', 'processes'],
  async run(run) {
    const ledger = new Ledger()
    await usingBank(run, app => openAccounts(app.store, CONTESTED, CONTESTED + 1, () => 2, ledger))
    for (const processes of run.options.processes)
      if (processes > 1 && !run.bench.join)
        run.note(`${processes} processes: left out, a log of this store belongs to one process`)
      else {
        await measure(run, processes, ledger)
        await usingBank(run, app => ledger.check(app.store))
      }
  },
}

async function measure(run: SuiteRun, processes: number, ledger: Ledger): Promise<void> {
  const { rounds, seconds } = run.options
  await using crowd = await Crowd.start(run, processes)
  let gaveUp = 0
  const ours = async (): Promise<CrowdTurn> => {
    const turn = await crowd.turn('ours', CLIENTS, seconds)
    ledger.note(CONTESTED, turn.cents, turn.operations)
    gaveUp += turn.gaveUp
    return turn
  }
  const turns = await inTurns(rounds, ours, () => crowd.turn('baseline', CLIENTS, seconds))
  const conditions = { concurrency: CLIENTS, processes, streams: 1, gaveUp }
  findings(turns, ['commandsPerSecond', 'p50Ms', 'p99Ms', 'cpuMsPerCommand'], conditions).forEach(run.found)
}

async function usingBank(run: SuiteRun, work: (app: App) => Promise<void>): Promise<void> {
  await using app = await startBank(run.ground.log, 'cached')
  await work(app)
}
