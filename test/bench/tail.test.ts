import { channel } from 'node:diagnostics_channel'
import { expect, it } from 'vitest'
import { makePosition } from '@hindcast/core'
import { Commits } from '#bench-commits'
import { openLoop } from '#bench-open-loop'

const steps = channel('hindcast:projections:step')

it('takes times from the moment in which an operation was due, however late it was started', async () => {
  const late: number[] = []
  let stalled = false
  await openLoop(1000, 0.1, async (n, due) => {
    if (n === 10) {
      stalled = true
      for (const end = performance.now() + 40; performance.now() < end;);
    }
    late.push(performance.now() - due)
  })
  expect(stalled).toBe(true)
  expect(late).toHaveLength(100)
  expect(late[11]).toBeGreaterThan(35)
})

it('calls an event visible from the first commit that covers it on', async () => {
  using commits = new Commits('p')
  const commit = (next: bigint, more: object = {}): void =>
    steps.publish({ logId: 'log', projection: 'p', step: 'committed', partition: 0, next, ...more })
  const at = (offset: bigint): number | undefined => commits.visibleAt(makePosition('log', 0, offset))
  expect(at(1n)).toBeUndefined()
  commit(3n, { projection: 'other' })
  commit(3n, { step: 'rows-written' })
  commit(3n, { partition: 1 })
  commit(3n, { logId: 'another' })
  expect(at(1n)).toBeUndefined()
  const waiting = commits.cover([makePosition('log', 0, 4n)])
  commit(3n)
  const first = at(2n)
  expect(first).toBeTypeOf('number')
  expect(at(3n)).toBeUndefined()
  commit(7n)
  expect(at(2n)).toBe(first)
  expect(at(6n)).toBeGreaterThanOrEqual(first!)
  expect(at(7n)).toBeUndefined()
  await waiting
})
