import type { BuildPhase, ProjectionStep } from '@hindcast/core'
import { Client } from 'pg'
import { expect, it } from 'vitest'
import { Laboratory } from './laboratory.js'
import type { TrapAt } from './operator-order.js'
import { postgresSuite } from '../servers/suites.js'
import { until } from './until.js'

const STEPS: readonly ProjectionStep[] = ['begun', 'checkpoint-written', 'rows-written', 'committed']
const PHASES: readonly BuildPhase[] = ['building', 'catching-up', 'comparing', 'swapping']
const PLACES: readonly TrapAt[] = [
  ...STEPS.map(step => ({ step, time: 2 })),
  ...PHASES.map(phase => ({ phase })),
]
const NAMES = ['tally', 'totals', 'entries']

postgresSuite('a rebuild whose process is killed', server => {
  for (const [index, at] of PLACES.entries()) {
    const projection = NAMES[index % NAMES.length]!
    it.concurrent(
      `of ${projection} at ${JSON.stringify(at)} goes on in the next one, and gives the same rows`,
      async () => {
        await using laboratory = await Laboratory.open(server)
        laboratory.worker({ partitions: 'all' })
        await laboratory.count(30)
        expect(await laboratory.defects()).toEqual([])
        await laboratory.operator({ projection, trap: { at, signal: 'SIGKILL' } }).killedItself()
        await laboratory.count(10)
        expect(await laboratory.defects()).toEqual([])
        const { comparison } = await laboratory.rebuild(projection)
        expect(comparison?.first).toEqual([])
        await laboratory.count(10)
        expect(await laboratory.defects()).toEqual([])
      },
    )
  }

  it.concurrent('in the middle of the swap leaves readers as they were, and the next one swaps', async () => {
    await using laboratory = await Laboratory.open(server)
    laboratory.worker({ partitions: 'all' })
    await laboratory.count(20)
    expect(await laboratory.defects()).toEqual([])
    const reader = new Client({ connectionString: laboratory.url })
    await reader.connect()
    try {
      await reader.query('begin; select * from read.tally')
      const operator = laboratory.operator({ projection: 'tally' })
      await until('the swap waits', async () => {
        const [row] = await laboratory.ask(
          `select count(*)::int n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'lock table%'`,
        )
        return Number(row!['n']) > 0
      })
      await operator.kill()
    } finally {
      await reader.end()
    }
    expect(await laboratory.defects()).toEqual([])
    expect((await laboratory.rebuild('tally')).comparison?.first).toEqual([])
    await laboratory.count(5)
    expect(await laboratory.defects()).toEqual([])
  })
})

postgresSuite('a rebuild that is frozen past its lease', server => {
  for (const [index, at] of PLACES.entries()) {
    const projection = NAMES[(index + 1) % NAMES.length]!
    it.concurrent(
      `of ${projection} at ${JSON.stringify(at)} loses it to another one, and doubles nothing when it wakes up`,
      async () => {
        await using laboratory = await Laboratory.open(server)
        laboratory.worker({ partitions: 'all' })
        await laboratory.count(30)
        expect(await laboratory.defects()).toEqual([])
        const frozen = laboratory.operator({ projection, trap: { at, signal: 'SIGSTOP' } })
        await frozen.frozeItself()
        await laboratory.count(10)
        expect((await laboratory.rebuild(projection)).comparison?.first).toEqual([])
        frozen.wake()
        await laboratory.count(10)
        expect(await frozen.code()).toMatch(/^HC_REBUILD_(LOST|STOPPED)$/)
        expect(await laboratory.defects()).toEqual([])
      },
    )
  }
})

postgresSuite('a rebuild whose sessions are ended by the server again and again', server => {
  it.each(NAMES)('of %s comes to its end, with the same rows', async projection => {
    await using laboratory = await Laboratory.open(server)
    laboratory.worker({ partitions: 'all' })
    await laboratory.count(40)
    expect(await laboratory.defects()).toEqual([])
    let ended = 0
    const ending = (async () => {
      while (ended < 30) {
        ended += await laboratory.endSessions()
        await new Promise(resolve => setTimeout(resolve, 100))
      }
    })()
    let tries = 0
    for (;;) {
      try {
        expect((await laboratory.rebuild(projection)).comparison?.first).toEqual([])
        break
      } catch (error) {
        expect(error).toMatchObject({ code: 'HC_READ_MODEL_UNREACHABLE', retryable: true })
        expect(++tries).toBeLessThan(50)
      }
    }
    await ending
    await laboratory.count(10)
    expect(await laboratory.defects()).toEqual([])
  })
})
