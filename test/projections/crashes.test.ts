import type { ProjectionStep } from '@hindcast/core'
import { expect, it } from 'vitest'
import { Laboratory } from './laboratory.js'
import { postgresSuite } from '../servers/suites.js'

const STEPS: readonly ProjectionStep[] = [
  'read',
  'decoded',
  'begun',
  'checkpoint-written',
  'folded',
  'rows-written',
  'committed',
  'acknowledged',
]
const TIMES = [1, 4]

postgresSuite('a worker that is killed', server => {
  for (const step of STEPS)
    for (const time of TIMES)
      it.concurrent(`when it has done "${step}" for time ${time}: 21 events give 21`, async () => {
        await using laboratory = await Laboratory.open(server)
        await laboratory.count(9)
        const worker = laboratory.worker({ partitions: 'all', trap: { step, time, signal: 'SIGKILL' } })
        await laboratory.count(12, pause)
        await worker.killedItself()
        laboratory.worker({ partitions: 'all' })
        expect(await laboratory.defects()).toEqual([])
        expect(laboratory.events).toBe(21)
      })
})

postgresSuite(
  'a worker that is frozen past every timeout and wakes up when another one has taken over',
  server => {
    for (const step of STEPS)
      for (const time of TIMES)
        it.concurrent(`when it has done "${step}" for time ${time}: 21 events give 21`, async () => {
          await using laboratory = await Laboratory.open(server)
          await laboratory.count(9)
          const frozen = laboratory.worker({ partitions: 'all', trap: { step, time, signal: 'SIGSTOP' } })
          await laboratory.count(9, pause)
          await frozen.frozeItself()
          const heir = laboratory.worker({ partitions: 'all' })
          expect(await laboratory.defects()).toEqual([])
          frozen.wake()
          await laboratory.count(3, pause)
          expect(await laboratory.defects()).toEqual([])
          await heir.end()
          // Whatever the sleeper had in hand, it has done by now.
          await frozen.end()
          expect(await laboratory.defects()).toEqual([])
          expect(laboratory.events).toBe(21)
        })
  },
)

/** Long enough for most batches to hold one event. */
function pause(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 20))
}
