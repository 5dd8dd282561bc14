import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { KafkaGround, removeFolders } from '../snapshots/ground.js'
import { anyStep, Life, replayed, type Step } from '../snapshots/life.js'
import { brokers, kafkaSuite } from '../servers/suites.js'

const RUNS = 8
const some = fc.array(anyStep, { minLength: 3, maxLength: 8, size: 'max' })
const losing = fc.tuple(some, some).map(([a, b]): Step[] => [...a, { do: 'lose' }, ...b])

kafkaSuite('a state on Kafka', () => {
  afterAll(removeFolders)

  it('loaded from a snapshot equals the fold of all events, also when the folder with the index is deleted between runs', async () => {
    let fromSnapshots = 0
    const histories = fc.record({ cached: fc.constantFrom(0, 100), steps: losing })
    await fc.assert(
      fc.asyncProperty(histories, async ({ cached, steps }) => {
        const life = new Life(new KafkaGround(brokers, `test-${randomUUID()}`), cached)
        for (const step of steps) await life.live(step)
        const [states, again] = await life.states()
        expect([states, again]).toEqual([await replayed(life.ground.store), states])
        fromSnapshots += life.reads.filter(from => from > 0).length
      }),
      { numRuns: RUNS },
    )
    expect(fromSnapshots).toBeGreaterThan(RUNS)
  })
})
