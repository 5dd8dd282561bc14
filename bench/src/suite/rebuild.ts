import type { EventStore, Newable } from '@hindcast/core'
import { Balances, customerOf, Customers } from '../rebuild/balances.js'
import { BenchDatabase } from '../rebuild/bench-database.js'
import { catchUp } from '../rebuild/catch-up.js'
import { checkCheckpoints, checkRows } from '../rebuild/check-rows.js'
import { fillLog, type Expected } from '../rebuild/fill-log.js'
import { HAND_WRITTEN_TABLE, handWritten } from '../rebuild/hand-written.js'
import type { Replay } from '../rebuild/measuring.js'
import { startBank } from '../bank/start-bank.js'
import { inTurns, type Turns } from '../measure/in-turns.js'
import { median } from '../measure/latencies.js'
import type { LogGround, RawEvent } from '../store/log-ground.js'
import type { Suite, SuiteRun } from './suite.js'

const ACCOUNTS = 10_000
const PREFIX = 'account-'

/** A read model to replay into, and the same by hand. */
interface Variant {
  readonly name: string
  readonly projection: Newable
  readonly table: string
  /** The row that an account is counted in. */
  readonly rowOf: (account: string) => string
}

const VARIANTS: readonly Variant[] = [
  {
    name: 'a row an account',
    projection: Balances,
    table: 'bench_balances_v1.bench_balances',
    rowOf: account => account,
  },
  {
    name: 'rows fed from several partitions',
    projection: Customers,
    table: 'bench_customers_v1.bench_customers',
    rowOf: customerOf,
  },
]

/** How fast a read model is made again from the whole log. */
export const rebuild: Suite = {
  name: 'rebuild',
  about: 'the workers of an app catch up an empty read model in PostgreSQL with the whole log',
  options: ['replayed'],
  async run(run) {
    const { rawEvents } = run.ground
    if (!rawEvents) {
      run.note('left out: a log in memory ends with the app that made it')
      return
    }
    await using database = await BenchDatabase.create()
    run.note(`PostgreSQL: ${await database.durability()}`)
    const filled = await fill(run, rawEvents)
    for (const variant of VARIANTS) await measure(run, database, variant, filled)
  },
}

interface Filled {
  readonly accounts: ReadonlyMap<string, Expected>
  readonly ends: readonly bigint[]
  readonly read: () => AsyncIterable<readonly RawEvent[]>
}

async function fill(
  { options, ground }: SuiteRun,
  rawEvents: NonNullable<LogGround['rawEvents']>,
): Promise<Filled> {
  await using app = await startBank(ground.log, 'uncached')
  const accounts = await fillLog(app.store, options.replayed, Math.min(ACCOUNTS, options.replayed))
  return { accounts, ends: await endsOf(app.store), read: await rawEvents(app.store) }
}

async function measure(
  run: SuiteRun,
  database: BenchDatabase,
  { name, projection, table, rowOf }: Variant,
  { accounts, ends, read }: Filled,
): Promise<void> {
  const { rounds, replayed } = run.options
  const rows = sums(accounts, rowOf)
  const ours = async (): Promise<Replay> => {
    await database.clear()
    const replay = await catchUp(run.ground.log, database, projection, ends, replayed)
    await checkRows(database, table, rows)
    await checkCheckpoints(database, ends)
    return replay
  }
  const byHand = async (): Promise<Replay> => {
    await database.clear()
    const rowOfEvent = ({ stream }: RawEvent): string | undefined =>
      stream.startsWith(PREFIX) ? rowOf(stream.slice(PREFIX.length)) : undefined
    const replay = await handWritten(read, database, rowOfEvent, replayed)
    await checkRows(database, HAND_WRITTEN_TABLE, rows)
    return replay
  }
  report(run, name, await inTurns(rounds, ours, byHand))
}

function report({ found, options }: SuiteRun, variant: string, turns: Turns<Replay>): void {
  const conditions = { concurrency: 1, variant, records: options.replayed, baseline: BASELINE }
  const both = (figure: (replay: Replay) => number): { value: number; baselineValue: number } => ({
    value: median(turns.ours.map(figure)),
    baselineValue: median(turns.baseline.map(figure)),
  })
  found({
    metric: 'eventsPerSecond',
    ...conditions,
    ...both(({ events, elapsedMs }) => (events / elapsedMs) * 1000),
  })
  found({ metric: 'cpuUsPerEvent', ...conditions, ...both(({ events, cpuMs }) => (cpuMs / events) * 1000) })
  const own = turns.ours.flatMap(({ anonymousMiB }) => anonymousMiB ?? [])
  found({
    metric: 'rssMiB',
    ...conditions,
    ...both(({ rssMiB }) => rssMiB),
    ...(own.length > 0 && { anonymousMiB: median(own) }),
  })
}

const BASELINE =
  'the raw library reads the log, sums of 5,000 events at a time are added by a multi-row upsert with a checkpoint'

function sums(
  accounts: ReadonlyMap<string, Expected>,
  rowOf: (account: string) => string,
): ReadonlyMap<string, Expected> {
  const rows = new Map<string, Expected>()
  for (const [account, { cents, events }] of accounts) {
    const row = rowOf(account)
    const sum = rows.get(row)
    rows.set(row, { cents: (sum?.cents ?? 0) + cents, events: (sum?.events ?? 0) + events })
  }
  return rows
}

async function endsOf(store: EventStore): Promise<readonly bigint[]> {
  return Promise.all(
    Array.from({ length: store.partitions }, (_, partition) => store.end(partition, { fresh: true })),
  )
}
