import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { Hindcast, systemClock, uuidV7Source, type App, type EventStore } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { Add, Clear, Show, tally } from './tally.js'

const PROGRAM = fileURLToPath(new URL('../dist/snapshots/saving-process.js', import.meta.url))
const KEYS = ['k1', 'k2', 'k3']
const EVERY = 4
const Saved = tally({ snapshotEvery: EVERY, snapshotOnStop: true })
const Replayed = tally()

const folders: string[] = []
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-snapshots-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const openLmdb = (folder: string): Promise<EventStore> =>
  lmdb(folder)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })

const statesOf = async (app: App): Promise<readonly string[]> =>
  Promise.all(KEYS.map(async key => (await app.execute(key, Show.of())).result))

/** The states of a log, folded from all its events. */
async function replayed(folder: string): Promise<readonly string[]> {
  await using app = await Hindcast.start({ store: lmdb(folder), aggregates: [Replayed], log: false })
  return statesOf(app)
}

const key = fc.constantFrom(...KEYS)
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('add' as const), key, times: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('snapshot' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('restart' as const, 'copy' as const, 'restore' as const) }),
  },
)

const some = fc.array(action, { minLength: 3, maxLength: 10, size: 'max' })
/** Random steps, and in the middle a log that goes back to what it was, and on in another way. */
const restoring = fc
  .tuple(some, some, some)
  .map(([a, b, c]) => [...a, { do: 'copy' as const }, ...b, { do: 'restore' as const }, ...c])

/** Does what a history says. The snapshots lie in the log's own folder, or apart: then a restored log does not take them along. */
class Life {
  readonly log = temporaryFolder()
  #copy: string | undefined
  #n = 0
  #app: App | undefined
  #apart: EventStore | undefined

  constructor(
    readonly cachedAggregates: number,
    readonly snapshotsApart: string | undefined,
  ) {}

  async app(): Promise<App> {
    if (this.snapshotsApart !== undefined) this.#apart ??= await openLmdb(this.snapshotsApart)
    this.#app ??= await Hindcast.start({
      store: lmdb(this.log),
      aggregates: [Saved],
      cachedAggregates: this.cachedAggregates,
      log: false,
      ...(this.#apart && { snapshots: this.#apart.snapshots! }),
    })
    return this.#app
  }

  async stop(): Promise<void> {
    await this.#app?.stop()
    await this.#apart?.[Symbol.asyncDispose]()
    this.#app = this.#apart = undefined
  }

  async live(step: { do: string; key?: string; times?: number }): Promise<void> {
    const to = step.key ?? ''
    if (step.do === 'add')
      await (await this.app()).execute(to, Add.of({ n: (this.#n += 13), times: step.times! }))
    else if (step.do === 'clear') await (await this.app()).execute(to, Clear.of())
    else if (step.do === 'snapshot') await (await this.app()).snapshot(Saved, to)
    else await this.stop()
    if (step.do === 'copy') cpSync(this.log, (this.#copy = temporaryFolder()), { recursive: true })
    if (step.do === 'restore' && this.#copy !== undefined) {
      rmSync(this.log, { recursive: true })
      cpSync(this.#copy, this.log, { recursive: true })
    }
  }
}

describe('a state', () => {
  it(
    'loaded from a snapshot equals the fold of all events, whatever was saved, stopped and restored before',
    { timeout: 120_000 },
    async () => {
      const histories = fc.record({
        apart: fc.boolean(),
        cached: fc.constantFrom(0, 1, 100),
        steps: fc.oneof(some, restoring),
      })
      await fc.assert(
        fc.asyncProperty(histories, async ({ apart, cached, steps }) => {
          const life = new Life(cached, apart ? temporaryFolder() : undefined)
          for (const step of steps) await life.live(step)
          const states = await statesOf(await life.app())
          await life.stop()
          // Once more: what the stop has saved is loaded now.
          const again = await statesOf(await life.app())
          await life.stop()
          expect([states, again]).toEqual([await replayed(life.log), states])
        }),
        { numRuns: 25 },
      )
    },
  )

  it('is not taken from a snapshot of a future that a restored log does not have', async () => {
    const [log, copy, apart] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
    const ByHand = tally({ snapshotVersion: 1 })
    const living = async <T>(work: (app: App) => Promise<T>): Promise<T> => {
      await using other = await openLmdb(apart)
      const snapshots = other.snapshots!
      await using app = await Hindcast.start({
        store: lmdb(log),
        aggregates: [ByHand],
        cachedAggregates: 0,
        snapshots,
        log: false,
      })
      return await work(app)
    }
    await living(app => app.execute('k1', Add.of({ n: 1, times: 2 })))
    cpSync(log, copy, { recursive: true })
    await living(async app => {
      await app.execute('k1', Add.of({ n: 100, times: 6 }))
      await app.snapshot(ByHand, 'k1')
    })
    rmSync(log, { recursive: true })
    cpSync(copy, log, { recursive: true })
    await living(app => app.execute('k1', Add.of({ n: 200, times: 6 })))
    expect(await living(statesOf)).toEqual(await replayed(log))
  })

  it(
    'loaded after kill -9 in the middle of saving equals the fold of all events',
    { timeout: 120_000 },
    async () => {
      const folder = temporaryFolder()
      for (let kill = 0; kill < 4; kill++) {
        const child = fork(PROGRAM, [folder, 'save'], { silent: true, execArgv: [] })
        const ended = once(child, 'exit')
        await Promise.race([once(child, 'message'), ended.then(() => expect.fail('it ended by itself'))])
        await sleep(kill * 7)
        child.kill('SIGKILL')
        await ended
        const { states, reads } = await told(fork(PROGRAM, [folder, 'read'], { silent: true, execArgv: [] }))
        expect(states).toEqual(await replayed(folder))
        expect(reads.filter(from => from > 0).length, 'states must come from snapshots').toBeGreaterThan(0)
      }
    },
  )
})

async function told(child: ChildProcess): Promise<{ readonly states: unknown; readonly reads: number[] }> {
  const ended = once(child, 'exit')
  const [message] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => expect.fail('it ended without a word')),
  ])) as [{ readonly states: unknown; readonly reads: number[] }]
  await ended
  return message
}
