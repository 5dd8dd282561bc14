import { Ledger, WrongBalanceError } from '../bank/ledger.js'
import { openAccounts } from '../bank/open-accounts.js'
import { startBank } from '../bank/start-bank.js'
import { inTurns } from '../measure/in-turns.js'
import { median } from '../measure/latencies.js'
import type { RawScan } from '../store/log-ground.js'
import type { Suite, SuiteRun } from './suite.js'

const EVENTS_OF_AN_ACCOUNT = 10

/** How long a process without an index takes until it can decide. */
export const coldStart: Suite = {
  name: 'cold-start',
  about: 'a process without an index starts: it fills one from the log',
  options: ['records'],
  async run(run) {
    const { options, ground, note } = run
    const scan = ground.rawScan
    if (!scan) {
      note('left out: the log of this store is its own index')
      return
    }
    const accounts = Math.ceil(options.records / EVENTS_OF_AN_ACCOUNT)
    const ledger = new Ledger()
    {
      await using app = await startBank(ground.log, 'cached')
      await openAccounts(app.store, 0, accounts, () => EVENTS_OF_AN_ACCOUNT, ledger)
    }
    await measure(run, scan, accounts * EVENTS_OF_AN_ACCOUNT)
    await using app = await startBank(ground.log, 'cached')
    await ledger.check(app.store)
  },
}

async function measure(
  { options, ground, found }: SuiteRun,
  scan: () => Promise<RawScan>,
  records: number,
): Promise<void> {
  const start = async (): Promise<RawScan> => {
    const since = performance.now()
    const app = await startBank(ground.log, 'cached')
    const elapsedMs = performance.now() - since
    await app.stop()
    return { records, elapsedMs }
  }
  const scanAll = async (): Promise<RawScan> => {
    const scanned = await scan()
    if (scanned.records < records)
      throw new WrongBalanceError(`the raw library found ${scanned.records} of ${records} records`)
    return scanned
  }
  const turns = await inTurns(options.rounds, start, scanAll)
  const perSecond = (turn: RawScan): number => (turn.records / turn.elapsedMs) * 1000
  found({
    metric: 'eventsPerSecond',
    concurrency: 1,
    baseline: 'the raw library fetches the log and decodes every record',
    value: median(turns.ours.map(perSecond)),
    baselineValue: median(turns.baseline.map(perSecond)),
    streams: records / EVENTS_OF_AN_ACCOUNT,
  })
}
