import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { Hindcast, type App } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { LmdbGround, removeFolders, temporaryFolder } from './ground.js'
import { anyStep, Life, openLmdb, replayed, statesOf, type Step } from './life.js'
import { Add, tally } from './tally.js'

const PROGRAM = fileURLToPath(new URL('../dist/snapshots/saving-process.js', import.meta.url))

const some = fc.array(anyStep, { minLength: 3, maxLength: 10, size: 'max' })
/** Random steps, and in the middle a log that goes back to what it was, and on in another way. */
const restoring = fc
  .tuple(some, some, some)
  .map(([a, b, c]): Step[] => [...a, { do: 'copy' }, ...b, { do: 'restore' }, ...c])
/** In the middle all snapshots are lost: those of an older folder, which had no place for them, or those that lie apart. */
const losing = fc.tuple(some, some).map(([a, b]): Step[] => [...a, { do: 'lose' }, ...b])

afterAll(removeFolders)

describe('a state', () => {
  it(
    'loaded from a snapshot equals the fold of all events, whatever was saved, stopped, lost and restored before',
    { timeout: 300_000 },
    async () => {
      const histories = fc.record({
        apart: fc.boolean(),
        cached: fc.constantFrom(0, 1, 100),
        steps: fc.oneof(some, restoring, losing),
      })
      let fromSnapshots = 0
      await fc.assert(
        fc.asyncProperty(histories, async ({ apart, cached, steps }) => {
          const life = new Life(new LmdbGround(), cached, apart ? temporaryFolder() : undefined)
          for (const step of steps) await life.live(step)
          const [states, again] = await life.states()
          expect([states, again]).toEqual([await replayed(life.ground.store), states])
          fromSnapshots += life.reads.filter(from => from > 0).length
        }),
        { numRuns: 40 },
      )
      expect(fromSnapshots).toBeGreaterThan(40)
    },
  )

  it('is folded from all events where the folder is of before there were snapshots, which are then saved in it', async () => {
    const life = new Life(new LmdbGround(), 0)
    await life.live({ do: 'add', key: 'k1', times: 9 })
    await life.live({ do: 'restart' })
    const loaded = async (): Promise<readonly number[]> => {
      const before = life.reads.length
      await statesOf(await life.app())
      return life.reads.slice(before)
    }
    expect(Math.max(...(await loaded()))).toBeGreaterThan(0)
    await life.live({ do: 'lose' })
    expect(Math.max(...(await loaded()))).toBe(0)
    await life.live({ do: 'snapshot', key: 'k1' })
    expect(Math.max(...(await loaded()))).toBeGreaterThan(0)
    await life.stop()
  })

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
    expect(await living(statesOf)).toEqual(await replayed(lmdb(log)))
  })

  it(
    'loaded after kill -9 in the middle of saving equals the fold of all events',
    { timeout: 300_000 },
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
        expect(states).toEqual(await replayed(lmdb(folder)))
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
