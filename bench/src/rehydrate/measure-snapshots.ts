import { Aggregate, EventCatalog, Hindcast, uuidV7Source, type App, type EventStore } from '@hindcast/core'
import { Account, Deposited, ShowBalance } from '../bank/account.js'
import { WrongBalanceError } from '../bank/ledger.js'
import { depositData } from '../bank/sample.js'
import { startBank } from '../bank/start-bank.js'
import { findings } from '../measure/findings.js'
import { inTurns } from '../measure/in-turns.js'
import { runClients } from '../measure/run-clients.js'
import type { SuiteRun } from '../suite/suite.js'

const LONG = 100_000
const SHORT = 100
const LONG_ACCOUNTS = 2
const SHORT_ACCOUNTS = 20
const EVENTS_OF_AN_APPEND = 500

/** The account, with snapshots taken by hand. */
@Aggregate('account', { snapshotVersion: 1 })
class KeptAccount extends Account {}

const catalog = new EventCatalog([Deposited])

/** Loads accounts of 100,000 events from a snapshot, and folds accounts of 100 events. */
export async function measureSnapshots({ options, ground, found }: SuiteRun): Promise<void> {
  const kept = { store: ground.log, aggregates: [KeptAccount], cachedAggregates: 0, log: false } as const
  const cents = new Map<string, number>()
  {
    await using folding = await startBank(ground.log, 'uncached')
    for (const [count, events] of [
      [LONG_ACCOUNTS, LONG],
      [SHORT_ACCOUNTS, SHORT],
    ] as const)
      for (let n = 0; n < count; n++)
        cents.set(keyOf(events, n), await fill(folding.store, keyOf(events, n), events))
  }
  await using app = await Hindcast.start(kept)
  for (let n = 0; n < LONG_ACCOUNTS; n++) await app.snapshot(KeptAccount, keyOf(LONG, n))
  const turns = await inTurns(
    options.rounds,
    () => runClients(1, options, n => load(app, keyOf(LONG, n % LONG_ACCOUNTS), cents)),
    () => runClients(1, options, n => load(app, keyOf(SHORT, n % SHORT_ACCOUNTS), cents)),
  )
  findings(turns, ['p50Ms', 'cpuMsPerCommand'], {
    concurrency: 1,
    streams: LONG_ACCOUNTS,
    events: LONG,
    baseline: `${SHORT} events, all folded`,
    variant: 'from a snapshot',
  }).forEach(found)
}

function keyOf(events: number, n: number): string {
  return `kept-${events}-${n}`
}

async function fill(store: EventStore, key: string, events: number): Promise<number> {
  const ids = uuidV7Source()
  let cents = 0
  for (let first = 0; first < events; first += EVENTS_OF_AN_APPEND) {
    const count = Math.min(EVENTS_OF_AN_APPEND, events - first)
    const deposits = Array.from({ length: count }, (_, i) => depositData(first + i))
    cents = deposits.reduce((sum, each) => sum + each.cents, cents)
    const encoded = deposits.map(each => ({ id: ids.next(), ...catalog.encode(Deposited.of(each)) }))
    const write = {
      stream: `account-${key}`,
      expected: first === 0 ? 'none' : first - 1,
      events: encoded,
    } as const
    await store.append([write], { commandId: ids.next() })
  }
  return cents
}

async function load(app: App, key: string, cents: ReadonlyMap<string, number>): Promise<void> {
  const { result } = await app.execute(key, ShowBalance.of())
  if (result.cents !== cents.get(key))
    throw new WrongBalanceError(`${key} was loaded with ${result.cents} cents, not ${cents.get(key)}`)
}
