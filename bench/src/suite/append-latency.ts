import type { App } from '@hindcast/core'
import { runDeposits } from '../bank/deposit.js'
import { Ledger } from '../bank/ledger.js'
import { openAccounts } from '../bank/open-accounts.js'
import { accountKey, depositData } from '../bank/sample.js'
import { startBank } from '../bank/start-bank.js'
import { findings } from '../measure/findings.js'
import { inTurns } from '../measure/in-turns.js'
import { QuietDisk } from '../measure/quiet-disk.js'
import { residentMemory } from '../measure/resident-memory.js'
import { runClients } from '../measure/run-clients.js'
import type { RawLog } from '../store/log-ground.js'
import type { Suite, SuiteRun } from './suite.js'

const EVENTS = 10
/** Of every step up, so many accounts get all their events and take part; the others are only there. */
const SAMPLE = 5000

/** How long one command takes when nothing else happens, in a small log and in a large one. */
export const appendLatency: Suite = {
  name: 'append-latency',
  about: 'one client: load 10 events, decide, append durable; and how it grows with the log',
  options: ['commands', 'streams'],
  async run(run) {
    const ledger = new Ledger()
    await using app = await startBank(run.ground.log, 'uncached')
    await using raw = await run.ground.raw(1)
    const disk = await QuietDisk.remember(n => raw.append('quiet', depositData(n)))
    let filled = 0
    let memoryBefore = { ...(await residentMemory()), at: 'before the log was filled' }
    for (const streams of run.options.streams) {
      const accounts = sample(filled, streams)
      const isSampled = new Set(accounts)
      await openAccounts(app.store, filled, streams, n => (isSampled.has(n) ? EVENTS : 1), ledger)
      filled = streams
      const memory = await residentMemory()
      const slowdown = await disk.wait()
      if (slowdown > 1)
        run.note(`the disk is still ${slowdown.toFixed(1)} times slower than before the filling`)
      await measure(run, app, raw, ledger, accounts, streams)
      run.found({
        metric: 'rssMiB',
        concurrency: 1,
        value: memory.rssMiB,
        baseline: `this process ${memoryBefore.at}`,
        baselineValue: memoryBefore.rssMiB,
        streams,
        ...(memory.anonymousMiB !== undefined && { anonymousMiB: memory.anonymousMiB }),
      })
      memoryBefore = { ...memory, at: `at ${streams.toLocaleString('en-US')} streams` }
    }
    await ledger.check(app.store)
  },
}

async function measure(
  { options, found }: SuiteRun,
  app: App,
  raw: RawLog,
  ledger: Ledger,
  accounts: readonly number[],
  streams: number,
): Promise<void> {
  let turn = 0
  const pick = (n: number): number => accounts[(turn * options.commands + n) % accounts.length]!
  const until = { operations: options.commands }
  const turns = await inTurns(
    options.rounds,
    async () => {
      const result = await runDeposits(app, ledger, 1, until, pick)
      turn++
      return result
    },
    () => runClients(1, until, n => raw.append(accountKey(pick(n)), depositData(n))),
  )
  const conditions = { concurrency: 1, streams, events: EVENTS }
  findings(turns, ['p50Ms', 'p95Ms', 'p99Ms', 'cpuMsPerCommand'], conditions).forEach(found)
}

/** Accounts spread evenly over those that are new. */
function sample(from: number, to: number): readonly number[] {
  const count = Math.min(to - from, SAMPLE)
  const stride = (to - from) / count
  return Array.from({ length: count }, (_, i) => from + Math.floor(i * stride))
}
