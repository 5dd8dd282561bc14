import { systemClock, uuidV7Source, type EventStore } from '@hindcast/core'
import { verifyHistory } from '@hindcast/evolution'
import { Account } from '../bank/account.js'
import { Ledger, WrongBalanceError } from '../bank/ledger.js'
import { openAccounts } from '../bank/open-accounts.js'
import { inTurns } from '../measure/in-turns.js'
import { median } from '../measure/latencies.js'
import { readWhole } from '../store/read-whole.js'
import type { Suite } from './suite.js'

const EVENTS_OF_AN_ACCOUNT = 10

interface Pass {
  readonly elapsedMs: number
  readonly cpuUs: number
}

/** What it costs to verify a log, beside reading it. */
export const verify: Suite = {
  name: 'verify',
  about: 'a whole log is verified: each event read, validated and folded',
  options: ['records'],
  async run({ options, ground, found }) {
    const accounts = Math.ceil(options.records / EVENTS_OF_AN_ACCOUNT)
    const records = accounts * EVENTS_OF_AN_ACCOUNT
    await using store = await ground.log({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
    await openAccounts(store, 0, accounts, () => EVENTS_OF_AN_ACCOUNT, new Ledger())
    const turns = await inTurns(
      options.rounds,
      () => passOver(records, () => verified(store)),
      () => passOver(records, () => parsed(store)),
    )
    const conditions = {
      ...{ concurrency: 1, streams: accounts, records },
      baseline: 'the log is read, and every payload parsed',
    }
    const perSecond = ({ elapsedMs }: Pass): number => (records / elapsedMs) * 1_000
    const perEvent = ({ cpuUs }: Pass): number => cpuUs / records
    for (const [metric, figure] of [
      ['eventsPerSecond', perSecond],
      ['cpuUsPerEvent', perEvent],
    ] as const)
      found({
        ...{ metric, ...conditions, value: median(turns.ours.map(figure)) },
        baselineValue: median(turns.baseline.map(figure)),
      })
  },
}

async function passOver(records: number, work: () => Promise<number>): Promise<Pass> {
  const cpu = process.cpuUsage()
  const since = performance.now()
  const events = await work()
  const elapsedMs = performance.now() - since
  const { user, system } = process.cpuUsage(cpu)
  if (events !== records) throw new WrongBalanceError(`${events} of ${records} events were found sound`)
  return { elapsedMs, cpuUs: user + system }
}

/** How many events were read, if nothing is wrong with any. */
async function verified(store: EventStore): Promise<number> {
  const { events, problems } = await verifyHistory({ store, aggregates: [Account] })
  return events - problems
}

async function parsed(store: EventStore): Promise<number> {
  let count = 0
  for await (const events of readWhole(store))
    for (const { data } of events) if (typeof JSON.parse(data) === 'object') count++
  return count
}
