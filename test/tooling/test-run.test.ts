import { describe, expect, it } from 'vitest'
import { judgeRun } from '../../scripts/tests/judge-run.mjs'

const passed = (file: string) => ({ name: 'works', file, state: 'passed' as const })
const skipped = (file: string) => ({ name: 'waits', file, state: 'skipped' as const })

const green = {
  outcomes: [passed('a.test.ts'), passed('b.test-d.ts')],
  ran: ['a.test.ts', 'b.test-d.ts'],
  broken: [],
  expected: ['a.test.ts', 'b.test-d.ts'],
  unserved: [],
  filtered: false,
  ci: true,
}

describe('a run of the tests', () => {
  it('is green when every test file ran and nothing was left out', () => {
    expect(judgeRun(green)).toEqual({
      ok: true,
      remarks: [],
      summary: '2 passed, 0 failed, 0 skipped in 1 test files and 1 type test files',
      lastLine: undefined,
    })
  })

  it('is red in CI when a test was skipped, and says so in capitals everywhere', () => {
    const run = { ...green, outcomes: [...green.outcomes, skipped('a.test.ts')] }
    expect(judgeRun(run)).toMatchObject({ ok: false, remarks: ['SKIPPED: a.test.ts waits'] })
    expect(judgeRun({ ...run, ci: false })).toMatchObject({ ok: true, remarks: ['SKIPPED: a.test.ts waits'] })
  })

  it('counts in its last line the suites that had no server, and is red in CI, also when it is filtered', () => {
    const run = {
      ...green,
      outcomes: [...green.outcomes, skipped('k.test.ts'), skipped('l.test.ts'), skipped('p.test.ts')],
      ran: [...green.ran, 'k.test.ts', 'l.test.ts', 'p.test.ts'],
      expected: [...green.expected, 'k.test.ts', 'l.test.ts', 'p.test.ts'],
      unserved: [
        { file: 'k.test.ts', server: 'Kafka' },
        { file: 'l.test.ts', server: 'Kafka' },
        { file: 'p.test.ts', server: 'PostgreSQL' },
      ],
    }
    const verdict = { remarks: [], lastLine: 'Kafka suites NOT RUN: 2, PostgreSQL suites NOT RUN: 1' }
    expect(judgeRun(run)).toMatchObject({ ...verdict, ok: false })
    expect(judgeRun({ ...run, filtered: true })).toMatchObject({ ...verdict, ok: false })
    expect(judgeRun({ ...run, ci: false })).toMatchObject({ ...verdict, ok: true })
  })

  it('is red when nothing ran', () => {
    expect(judgeRun({ ...green, outcomes: [], ran: [], expected: [] })).toMatchObject({
      ok: false,
      remarks: ['NOTHING RAN: no test passed'],
    })
  })

  it('is red when vitest did not see a test file, a type test file above all', () => {
    const { ok, remarks } = judgeRun({ ...green, outcomes: [passed('a.test.ts')], ran: ['a.test.ts'] })
    expect(ok).toBe(false)
    expect(remarks).toEqual(['NOT RUN: b.test-d.ts is a test file that vitest did not see'])
  })

  it('is red when a test file has no test, or could not be loaded', () => {
    const ran = [...green.ran, 'c.test.ts']
    expect(judgeRun({ ...green, ran })).toMatchObject({
      ok: false,
      remarks: ['EMPTY: c.test.ts has no test'],
    })
    expect(judgeRun({ ...green, ran, broken: ['c.test.ts'] })).toMatchObject({
      ok: false,
      remarks: ['BROKEN: c.test.ts could not be loaded'],
    })
  })

  it('may leave out what the person who started it left out', () => {
    const run = {
      ...green,
      outcomes: [passed('a.test.ts'), skipped('a.test.ts')],
      ran: ['a.test.ts'],
      filtered: true,
    }
    expect(judgeRun(run)).toMatchObject({ ok: true, remarks: [] })
  })
})
