import type { App } from '@hindcast/core'
import { ShowBalance } from '../bank/account.js'
import { WrongBalanceError, type Ledger } from '../bank/ledger.js'
import { openAccounts } from '../bank/open-accounts.js'
import { accountKey, depositData } from '../bank/sample.js'
import { startBank } from '../bank/start-bank.js'
import { findings } from '../measure/findings.js'
import { inTurns } from '../measure/in-turns.js'
import { median } from '../measure/latencies.js'
import { runClients, type Turn } from '../measure/run-clients.js'
import type { RawStreams } from '../store/log-ground.js'
import type { SuiteRun } from '../suite/suite.js'

/** Accounts of one length. */
export interface Accounts {
  readonly first: number
  readonly streams: number
  readonly events: number
}

/** Makes the accounts, and loads one after the other; the raw library reads, parses and adds up as many values. */
export async function measureLoading(
  { options, bench, ground, found }: SuiteRun,
  { first, streams, events }: Accounts,
  ledger: Ledger,
): Promise<void> {
  await using app = await startBank(ground.log, 'uncached')
  await using raw = await ground.rawStreams()
  await openAccounts(app.store, first, first + streams, () => events, ledger)
  for (let account = first; account < first + streams; account++) await fillRaw(raw, account, events)
  const pick = (n: number): number => first + (n % streams)
  const turns = await inTurns(
    options.rounds,
    () => runClients(1, options, n => load(app, pick(n), ledger)),
    () => runClients(1, options, async n => addUp(raw, pick(n))),
  )
  const baseline = bench.streamsBaseline ?? bench.baseline
  const conditions = { concurrency: 1, streams, events, baseline }
  const perSecond = (turn: Turn): number => ((turn.operations * events) / turn.elapsedMs) * 1000
  found({
    metric: 'eventsPerSecond',
    value: median(turns.ours.map(perSecond)),
    baselineValue: median(turns.baseline.map(perSecond)),
    ...conditions,
  })
  findings(turns, ['p50Ms', 'p99Ms'], conditions).forEach(found)
}

/** A command that emits nothing: what it costs is the loading. */
async function load(app: App, account: number, ledger: Ledger): Promise<void> {
  const { result } = await app.execute(accountKey(account), ShowBalance.of())
  const expected = ledger.cents(account)
  if (result.cents !== expected)
    throw new WrongBalanceError(
      `${accountKey(account)} was loaded with ${result.cents} cents, not ${expected}`,
    )
}

async function fillRaw(raw: RawStreams, account: number, events: number): Promise<void> {
  const values = Array.from({ length: events }, (_, n) => depositData(account + n))
  await Promise.all(values.map(value => raw.append(accountKey(account), value)))
}

function addUp(raw: RawStreams, account: number): number {
  let cents = 0
  for (const value of raw.read(accountKey(account))) cents += (value as { cents: number }).cents
  return cents
}
