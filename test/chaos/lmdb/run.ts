import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock, uuidV7Source } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { checkHistory } from '../checker.js'
import { compareReads, readWholeLog } from '../history/collect.js'
import { countAppended } from '../history/journal.js'
import type { History } from '../history/operation.js'
import { Random } from '../random.js'
import { WriterSlot } from '../process/writer-slot.js'
import { report, type Report } from '../report.js'
import { Faults } from './faults.js'
import { reached, targetsOf } from './targets.js'

/** Two processes race in the first half of the time, four in the second. */
const PROCESSES = [2, 4] as const
/** However slow the machine is, so long after the time asked for a run ends. */
const PATIENCE_SECONDS = 180
const STOP_MS = 60_000
const PROGRAM = fileURLToPath(new URL('writer-process.js', import.meta.url))

/** What to run. */
export interface LmdbChaosOptions {
  readonly seconds: number
  readonly seed: number
  /** Told what happens, for people. */
  readonly say: (text: string) => void
}

/**
 * Processes append to one folder, on shared streams, while they are killed and frozen; then the log is held against what
 * they were told. It goes on until there were enough faults and appends, see `targets.ts`.
 */
export async function runLmdbChaos({ seconds, seed, say }: LmdbChaosOptions): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-chaos-'))
  const journals = join(folder, 'journals')
  mkdirSync(journals)
  const random = new Random(seed)
  const slots: WriterSlot[] = []
  const faults = new Faults(random, slots)
  const targets = targetsOf(seconds)
  const start = performance.now()
  const elapsed = (): number => (performance.now() - start) / 1000
  const enough = (): boolean =>
    elapsed() >= seconds && reached(targets, faults.counts, countAppended(journals))
  try {
    for (const [phase, processes] of PROCESSES.entries()) {
      while (slots.length < processes) {
        const slot = new WriterSlot({
          number: slots.length,
          program: PROGRAM,
          journalFolder: journals,
          order: { folder },
        })
        await slot.start(random.whole(0, 1_000_000))
        slots.push(slot)
      }
      say(`${processes} processes`)
      const last = phase === PROCESSES.length - 1
      while (last ? !enough() && elapsed() < seconds + PATIENCE_SECONDS : elapsed() < seconds / 2)
        await faults.next()
    }
    await faults.end()
    await Promise.all(slots.map(slot => slot.stop(STOP_MS)))
    const history = await collect(folder, slots)
    const result = report({
      store: 'lmdb',
      seed,
      seconds: elapsed(),
      history,
      defects: checkHistory(history),
      faults: faults.counts,
    })
    return { ...result, ok: result.ok && reached(targets, faults.counts, result.acknowledged) }
  } finally {
    for (const slot of slots) slot.abandon()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function collect(folder: string, slots: readonly WriterSlot[]): Promise<History> {
  const store = await lmdb(folder)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
  try {
    const log = await readWholeLog(store)
    const contents = slots.flatMap(slot => slot.history())
    return {
      attempts: contents.flatMap(content => content.attempts),
      subscriptions: contents.flatMap(content => content.subscriptions),
      log,
      disagreements: await compareReads(store, log),
    }
  } finally {
    await store[Symbol.asyncDispose]()
  }
}
