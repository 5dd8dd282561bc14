import { expect, it } from 'vitest'
import { Laboratory } from './laboratory.js'
import type { TrapAt } from './operator-order.js'
import { postgresSuite } from '../servers/suites.js'

const HELD: TrapAt = { statements: ['insert into hindcast.builds', 'commit'], when: 'answered' }
const SWAPPED = ['create or replace view', 'commit']
const IN_A_SWAP: readonly TrapAt[] = [
  { statements: ['create or replace view'], when: 'answered' },
  { statements: SWAPPED, when: 'sent' },
  { statements: SWAPPED, when: 'answered' },
]

/** A log that has been counted in, with the tally rebuilt once and a process that folds. */
async function opened(server: string): Promise<Laboratory> {
  const laboratory = await Laboratory.open(server)
  laboratory.worker({ partitions: 'all' })
  await laboratory.count(20)
  expect(await laboratory.defects()).toEqual([])
  return laboratory
}

async function rolesIn(laboratory: Laboratory): Promise<readonly string[]> {
  const rows = await laboratory.ask(
    `select schema || ' ' || role as it from hindcast.projections where projection = 'tally' order by schema`,
  )
  return rows.map(({ it: text }) => String(text))
}

const TWO = ['tally_v1 active', 'tally_v1_before kept']

postgresSuite('a rebuild whose process is killed in the swap', server => {
  for (const at of IN_A_SWAP.slice(1))
    it.concurrent(`at ${JSON.stringify(at)} has swapped or has not, and the next one swaps`, async () => {
      await using laboratory = await opened(server)
      await laboratory.operator({ projection: 'tally', trap: { at, signal: 'SIGKILL' } }).killedItself()
      const notYet = ['tally_v1 active', 'tally_v1_rebuild building']
      expect(at === IN_A_SWAP[2] ? [TWO] : [TWO, notYet]).toContainEqual(await rolesIn(laboratory))
      await laboratory.count(5)
      expect(await laboratory.defects()).toEqual([])
      expect((await laboratory.rebuild('tally')).comparison?.first).toEqual([])
      expect(await rolesIn(laboratory)).toEqual(TWO)
      await laboratory.count(5)
      expect(await laboratory.defects()).toEqual([])
    })
})

postgresSuite('a roll-back whose process is killed', server => {
  for (const at of [HELD, { step: 'committed', time: 1 } as const, IN_A_SWAP[0]!, IN_A_SWAP[2]!])
    it.concurrent(
      `at ${JSON.stringify(at)} leaves rows that are whole, and the next one goes on`,
      async () => {
        await using laboratory = await opened(server)
        await laboratory.rebuild('tally')
        await laboratory.count(20) // what was kept is behind, and has to be caught up
        expect(await laboratory.defects()).toEqual([])
        const order = { operation: 'rollback', projection: 'tally', trap: { at, signal: 'SIGKILL' } } as const
        await laboratory.operator(order).killedItself()
        expect(await rolesIn(laboratory)).toEqual(TWO)
        await laboratory.count(5)
        expect(await laboratory.defects()).toEqual([])
        await laboratory.operate(operations => operations.rollback('tally'))
        expect(await rolesIn(laboratory)).toEqual(TWO)
        await laboratory.count(5)
        expect(await laboratory.defects()).toEqual([])
      },
    )
})

postgresSuite('a copy whose process is killed', server => {
  const PLACES: readonly TrapAt[] = [
    HELD,
    { step: 'rows-written', time: 2 },
    { step: 'committed', time: 2 },
    { statements: ['delete from hindcast.builds'], when: 'sent' },
  ]
  it('at any step goes on when it is made again, up to where it was to end', async () => {
    await using laboratory = await opened(server)
    for (const [index, at] of PLACES.entries())
      await laboratory
        .operator({
          operation: 'copy',
          projection: 'tally',
          into: `then_${index}`,
          trap: { at, signal: 'SIGKILL' },
        })
        .killedItself()
    const events = laboratory.events
    await laboratory.count(10)
    for (const index of PLACES.keys()) {
      const into = `then_${index}`
      await laboratory.operate(async operations =>
        operations
          .copy(laboratory.projection('tally'), { into })
          .catch((error: { readonly code?: string }) => {
            // Only its last note was lost.
            if (index !== 3 || error.code !== 'HC_SCHEMA_EXISTS') throw error
          }),
      )
      const [row] = await laboratory.ask(`select sum(count)::integer as events from ${into}.tally`)
      expect(row).toEqual({ events })
    }
    expect(await laboratory.defects()).toEqual([])
  })
})

postgresSuite('a release whose process is killed', server => {
  const PLACES: readonly TrapAt[] = [
    { statements: ['drop schema'], when: 'answered' },
    { statements: ['drop schema', 'commit'], when: 'sent' },
    { statements: ['drop schema', 'commit'], when: 'answered' },
  ]
  it('at any step has dropped all of a schema or nothing, and the next one drops the rest', async () => {
    await using laboratory = await opened(server)
    for (const at of PLACES) {
      await laboratory.rebuild('tally')
      await laboratory
        .operator({ operation: 'release', projection: 'tally', trap: { at, signal: 'SIGKILL' } })
        .killedItself()
      const [schema] = await laboratory.ask(
        `select to_regclass('tally_v1_before.tally') is not null as there`,
      )
      expect((await rolesIn(laboratory)).length === 2).toBe(schema!['there'])
      if (at !== PLACES[1]) expect(schema!['there']).toBe(at === PLACES[0])
      await laboratory.operate(operations => operations.release('tally'))
      expect(await rolesIn(laboratory)).toEqual(['tally_v1 active'])
      await laboratory.count(5)
      expect(await laboratory.defects()).toEqual([])
    }
  })
})
