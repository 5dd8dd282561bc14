import { EventCatalog, Hindcast, type AnyEvent, type App, type NewEvent } from '@hindcast/core'
import { fillStreams } from '../bank/fill-streams.js'
import { WrongBalanceError } from '../bank/ledger.js'
import { depositData } from '../bank/sample.js'
import { findings } from '../measure/findings.js'
import { inTurns } from '../measure/in-turns.js'
import { runClients } from '../measure/run-clients.js'
import type { SuiteRun } from '../suite/suite.js'
import {
  fullCatalog,
  MigratedAccount,
  MigratedDeposit,
  ShowMigrated,
  ShowYoung,
  YoungAccount,
  YoungDeposit,
} from './migrated-account.js'

const STREAMS = 20
const EVENTS = 1000

/** Loads events of today's shape, with a full catalog of upcasters and with none: history that is not read must cost nothing. */
export async function compareCatalogs({ options, ground, found }: SuiteRun): Promise<void> {
  const common = { store: ground.log, cachedAggregates: 0, log: false } as const
  await using young = await Hindcast.start({ ...common, aggregates: [YoungAccount] })
  await using migrated = await Hindcast.start({
    ...common,
    aggregates: [MigratedAccount],
    upcasters: fullCatalog,
  })
  const data = Array.from({ length: EVENTS }, (_, n) => depositData(n))
  const cents = data.reduce((sum, each) => sum + each.cents, 0)
  await fill(
    young,
    'young',
    data.map(encoder(new EventCatalog([YoungDeposit]), each => YoungDeposit.of(each))),
  )
  await fill(
    migrated,
    'migrated',
    data.map(encoder(new EventCatalog([MigratedDeposit], fullCatalog), each => MigratedDeposit.of(each))),
  )
  const turns = await inTurns(
    options.rounds,
    () =>
      runClients(1, options, async n =>
        check(cents, (await migrated.execute(keyOf(n), ShowMigrated.of())).result.cents),
      ),
    () =>
      runClients(1, options, async n =>
        check(cents, (await young.execute(keyOf(n), ShowYoung.of())).result.cents),
      ),
  )
  findings(turns, ['p50Ms'], {
    concurrency: 1,
    streams: STREAMS,
    events: EVENTS,
    baseline: 'the same without upcasters',
    variant: 'full catalog of upcasters',
  }).forEach(found)
}

type Data = ReturnType<typeof depositData>

function encoder(
  catalog: EventCatalog,
  make: (data: Data) => AnyEvent,
): (data: Data) => Omit<NewEvent, 'id'> {
  return data => catalog.encode(make(data))
}

async function fill(app: App, category: string, events: readonly Omit<NewEvent, 'id'>[]): Promise<void> {
  const streams = Array.from({ length: STREAMS }, (_, n) => ({ stream: `${category}-${keyOf(n)}`, events }))
  await fillStreams(app.store, streams)
}

function keyOf(n: number): string {
  return `acc-${n % STREAMS}`
}

function check(expected: number, cents: number): void {
  if (cents !== expected) throw new WrongBalanceError(`loaded ${cents} cents, not ${expected}`)
}
