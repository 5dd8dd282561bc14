import { expect, it } from 'vitest'
import { Laboratory } from './laboratory.js'
import { postgresSuite } from '../servers/suites.js'
import { until } from './until.js'

postgresSuite('exactly once, with several processes', server => {
  it('that are started on the same projections at the same moment', async () => {
    await using laboratory = await Laboratory.open(server)
    const workers = [laboratory.worker({ partitions: 'shared' }), laboratory.worker({ partitions: 'shared' })]
    await laboratory.count(200)
    expect(await laboratory.defects()).toEqual([])
    for (const worker of workers) await worker.end()
  })

  it('that are given the same partitions on purpose', async () => {
    await using laboratory = await Laboratory.open(server)
    const workers = [1, 2, 3].map(() => laboratory.worker({ partitions: 'all' }))
    for (const worker of workers) await worker.started()
    await laboratory.count(300)
    while (workers.filter(worker => worker.hasFolded).length < 2) await laboratory.count(10)
    expect(await laboratory.defects()).toEqual([])
    for (const worker of workers) await worker.end()
    expect(await laboratory.defects()).toEqual([])
  })

  it('whose sessions the server ends again and again', async () => {
    await using laboratory = await Laboratory.open(server)
    const workers = [laboratory.worker({ partitions: 'all' }), laboratory.worker({ partitions: 'shared' })]
    for (const worker of workers) await worker.started()
    let ended = 0
    await laboratory.count(300, async () => {
      if (laboratory.events % 20 === 0) ended += await laboratory.endSessions()
    })
    expect(ended).toBeGreaterThan(20)
    expect(await laboratory.defects()).toEqual([])
    for (const worker of workers) await worker.end()
  })

  it('that come, go and die while others count', async () => {
    await using laboratory = await Laboratory.open(server)
    let counting = true
    const load = (async () => {
      while (counting) await laboratory.count(10)
    })()
    const first = laboratory.worker({ partitions: 'shared' })
    await first.started()
    const second = laboratory.worker({ partitions: 'shared' })
    await second.started()
    const third = laboratory.worker({ partitions: 'shared' })
    await third.started()
    await until('all three share', () => [first, second, third].every(worker => worker.hasFolded))
    await until('much is counted', () => laboratory.events > 200)
    await first.kill()
    await second.end()
    const fourth = laboratory.worker({ partitions: 'shared' })
    await fourth.started()
    counting = false
    await load
    expect(await laboratory.defects()).toEqual([])
    await third.end()
    await fourth.end()
    expect(await laboratory.defects()).toEqual([])
  })
})
