import { Hindcast, type App } from '@hindcast/core'
import { Account } from '../bank/account.js'
import { Ledger, WrongBalanceError } from '../bank/ledger.js'
import { openAccounts } from '../bank/open-accounts.js'
import { accountKey } from '../bank/sample.js'
import { findings } from '../measure/findings.js'
import { inTurns, type Turns } from '../measure/in-turns.js'
import { Balances } from '../rebuild/balances.js'
import { Commits } from '../tail/commits.js'
import { measureByHand, measureTail, type TailTurn } from '../tail/measure-tail.js'
import { READ_MODELS, type ReadModelsName, type TailGround } from '../tail/read-models.js'
import type { Suite, SuiteRun } from './suite.js'

const ACCOUNTS = 1000

/** How long it takes until a command's events can be read. */
export const tailLatency: Suite = {
  name: 'tail-latency',
  about:
    'commands at a steady rate: how long until their events are in the read model, until a reader has them',
  options: ['seconds', 'rate', 'read-models'],
  async run(run) {
    let first = 0
    for (const name of run.options['read-models']) {
      await using ground = await READ_MODELS[name]()
      run.note(ground.durability)
      await measure(run, name, ground, first)
      first += ACCOUNTS
    }
  },
}

async function measure(
  run: SuiteRun,
  name: ReadModelsName,
  ground: TailGround,
  first: number,
): Promise<void> {
  const { options } = run
  const ledger = new Ledger()
  using commits = new Commits('bench_balances')
  await using app = await Hindcast.start({
    store: run.ground.log,
    readModels: ground.readModels,
    aggregates: [Account],
    projections: [Balances],
    log: false,
  })
  await using byHand = await ground.handWritten()
  await openAccounts(app.store, first, first + ACCOUNTS, () => 2, ledger)
  const accountOf = (n: number): number => first + (n % ACCOUNTS)
  const turns = await inTurns(
    options.rounds,
    () => measureTail(app, commits, ledger, options, accountOf),
    () => measureByHand(byHand, options, accountOf),
  )
  report(run, name, ground, turns)
  await ledger.check(app.store)
  await checkRows(app, ledger, first)
}

function report(
  { options, found }: SuiteRun,
  name: ReadModelsName,
  { baseline }: TailGround,
  turns: Turns<TailTurn>,
): void {
  const { rate } = options
  for (const [side, what, text] of [
    ['visible', 'in the read model', baseline.commit],
    ['read', 'at a waiting reader', baseline.read],
  ] as const) {
    const of = { ours: turns.ours.map(turn => turn[side]), baseline: turns.baseline.map(turn => turn[side]) }
    const conditions = { concurrency: 1, rate, variant: `${name}, ${what}`, baseline: text }
    findings(of, ['p50Ms', 'p95Ms', 'p99Ms', 'eventsPerSecond'], conditions).forEach(found)
  }
}

/** @throws WrongBalanceError when a row is not what was acknowledged */
async function checkRows(app: App, ledger: Ledger, first: number): Promise<void> {
  const rows = new Map((await app.view(Balances).all()).map(row => [row.id, row.cents]))
  for (let account = first; account < first + ACCOUNTS; account++) {
    const found = rows.get(accountKey(account))
    if (found !== BigInt(ledger.cents(account)))
      throw new WrongBalanceError(
        `${accountKey(account)}: ${ledger.cents(account)} cents were acknowledged, its row has ${found ?? 'none'}`,
      )
  }
}
