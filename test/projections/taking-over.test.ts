import { expect, it } from 'vitest'
import { Laboratory } from './laboratory.js'
import { postgresSuite } from '../servers/suites.js'
import { until } from './until.js'
import type { Worker } from './worker.js'

/**
 * A killed process loses its session at once, a frozen one after the 3 seconds of the workers' ownerTimeoutMs, and reports come
 * every 5: on a busy machine it takes longer, and what is not taken over at all takes for ever.
 */
const SOON_MS = 60_000

postgresSuite('processes that share partitions by advisory locks', server => {
  it('take over from one that is killed, soon', async () => {
    await using laboratory = await Laboratory.open(server)
    const [first, second] = await shared(laboratory)
    await under(laboratory, async () => {
      await first.kill()
      await ownedBy(laboratory, [second], SOON_MS)
    })
    expect(await laboratory.defects()).toEqual([])
    expect(await second.end()).toBeGreaterThan(0)
  })

  it('take over from one that is frozen and whose session dies, and fence it when it wakes up', async () => {
    await using laboratory = await Laboratory.open(server)
    const [first, second] = await shared(laboratory)
    await under(laboratory, async () => {
      first.freeze()
      await ownedBy(laboratory, [second], SOON_MS)
      first.wake()
      // What it had in hand is refused; then it shares the work again.
      await ownedBy(laboratory, [first, second], SOON_MS)
    })
    expect(await laboratory.defects()).toEqual([])
    expect(await first.end()).toBeGreaterThan(0)
    expect(await second.end()).toBeGreaterThan(0)
    expect(await laboratory.defects()).toEqual([])
  })

  it('share anew under load whenever one comes or goes', async () => {
    await using laboratory = await Laboratory.open(server)
    const [first, second] = await shared(laboratory)
    await under(laboratory, async () => {
      const third = laboratory.worker({ partitions: 'shared' })
      await ownedBy(laboratory, [first, second, third], SOON_MS)
      expect(await first.end()).toBeGreaterThan(0)
      await ownedBy(laboratory, [second, third], SOON_MS)
      const fourth = laboratory.worker({ partitions: 'shared' })
      await ownedBy(laboratory, [second, third, fourth], SOON_MS)
    })
    expect(await laboratory.defects()).toEqual([])
  })
})

/** Two processes that share. */
async function shared(laboratory: Laboratory): Promise<readonly [Worker, Worker]> {
  const workers = [
    laboratory.worker({ partitions: 'shared' }),
    laboratory.worker({ partitions: 'shared' }),
  ] as const
  await ownedBy(laboratory, workers, SOON_MS)
  return workers
}

/** Does something while others count. */
async function under(laboratory: Laboratory, work: () => Promise<void>): Promise<void> {
  let counting = true
  const load = (async () => {
    while (counting) await laboratory.count(5, () => new Promise(resolve => setTimeout(resolve, 2)))
  })()
  try {
    await work()
  } finally {
    counting = false
    await load
  }
}

function ownedBy(laboratory: Laboratory, workers: readonly Worker[], withinMs: number): Promise<void> {
  const wanted = workers.map(({ pid }) => pid).toSorted((a, b) => a - b)
  return until(
    `processes ${wanted.join(', ')} own all partitions, each some`,
    async () => (await laboratory.owners()).join() === wanted.join(),
    withinMs,
  )
}
