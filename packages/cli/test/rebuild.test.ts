import type { BuildProgress } from '@hindcast/core'
import { describe, expect, it } from 'vitest'
import { cutText, timeOrCut } from '../src/index.js'
import { progressBar, progressText } from '../src/output/progress-text.js'
import { TOTAL } from './app/engine.js'
import { Workplace } from './workplace.js'

const CONFIG = `
import { lmdb } from '@hindcast/lmdb-store'
import { Counter } from './counter.js'
import { pretended } from './engine.js'
import { Totals } from './totals.js'
export default { store: lmdb('./data/log', { partitions: 2 }), readModels: pretended, aggregates: [Counter], projections: [Totals] }
`

async function place(): Promise<Workplace> {
  const made = await Workplace.make(CONFIG)
  await (await made.app()).stop()
  return made
}

describe('hindcast rebuild', () => {
  it('tells how far it is in lines where nobody looks at a terminal, and what it did', async () => {
    await using at = await place()
    const { code, stdout, stderr } = await at.hindcast('rebuild', 'totals')
    expect(code).toBe(0)
    const [first, ...more] = stderr.trimEnd().split('\n')
    expect(first).toBe('totals v1 building  0%  0 of 200  100/s  2.0 s left')
    expect(more.pop()).toBe(
      'no worker folds totals version 1: its rows stand still until an app with it runs',
    )
    // One more every five seconds.
    for (const line of more) expect(line).toMatch(/^totals v1 building +\d+% /)
    expect(stdout.split('\n')).toEqual([
      'readers read totals version 1, schema totals_v1',
      '200 records in 2.0 s, up to 0:201',
      'left out: 0 parked, 1 skipped',
      'schema totals_v1_before is kept: hindcast rollback totals reads it again, hindcast release totals drops it',
      '',
    ])
  })

  it('gives machines progress and result as one object a line', async () => {
    await using at = await place()
    const { stdout, stderr } = await at.hindcast('rebuild', 'totals', '--json')
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as object)
    expect(stderr).toBe('')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines.slice(0, -1))
      expect(line).toMatchObject({ progress: { phase: 'building', totalEvents: TOTAL } })
    expect(lines.at(-1)!).toMatchObject({ schema: 'totals_v1', resumed: false, cut: [{ next: '201' }] })
  })

  it('ends by ctrl-C with a code of its own; the same command goes on', async () => {
    await using at = await place()
    const running = await at.start('rebuild', 'totals')
    await running.printed('building')
    running.child.kill('SIGINT')
    const { code, stdout, stderr } = await running.ended
    expect([code, stdout]).toEqual([130, ''])
    expect(stderr).toMatch(/\nHC_INTERRUPTED the rebuild of "totals" was interrupted; what was built stays/)
    const again = await at.hindcast('rebuild', 'totals')
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('gone on from an interrupted rebuild')
  })

  it('tells what differs, and swaps only when that is accepted', async () => {
    await using at = await place()
    const env = { DIFFERS: '1' }
    const refused = await at.hindcastWith(env, 'rebuild', 'totals')
    expect(refused.code).toBe(1)
    expect(refused.stdout.split('\n')).toEqual([
      'table totals: 2 rows before, 3 after, 2 different; new columns rank',
      '2 rows are not the same:',
      '  totals "a" total  1 → 2',
      '  totals "c"  only after: {"id":"c"}',
      '',
    ])
    expect(refused.stderr).toMatch(/\nHC_REBUILD_DIFFERS schema totals_v1_rebuild was built/)
    const accepted = await at.hindcastWith(env, 'rebuild', 'totals', '--accept-differences')
    expect(accepted).toMatchObject({ code: 0 })
  })

  it.each([
    [['totls'], 1, /^HC_PROJECTION_UNKNOWN .*Did you mean totals\?/],
    [['totals', '--fresh'], 1, /^HC_NOT_CONFIRMED nothing was done\. What an interrupted rebuild/],
    [['totals', '--as-of', '2026-01-01'], 2, /need --into <schema>/],
    [['totals', '--into', 'x', '--fresh'], 2, /'--into <schema>' cannot be used with option '--fresh'/],
    [['totals', '--max-events-per-second', '0'], 2, /whole number of 1 or more/],
    [
      ['totals', '--into', 'x', '--as-of', '2026-01-01T09:00'],
      2,
      /^HC_CUT_TEXT .*a zone when it has an hour/,
    ],
    [['totals', '--into', 'x', '--as-of', '9:1'], 2, /^HC_CUT_TEXT .*partition of "9:1"/],
  ] as const)('refuses %j with %i', async (args, wanted, said) => {
    await using at = await place()
    const { code, stderr } = await at.hindcast('rebuild', ...args)
    expect(code).toBe(wanted)
    expect(stderr).toMatch(said)
  })

  it('copies as of a time or a cut, and prints the cut so that it can be given again', async () => {
    await using at = await place()
    const byTime = await at.hindcast('rebuild', 'totals', '--as-of', '2001-02-01', '--into', 'then')
    expect(byTime).toMatchObject({ code: 0, stderr: '' })
    expect(byTime.stdout).toMatch(
      /^schema then has totals version 1, up to 0:980985600000\n7 records in 0\.0 s\n/,
    )
    const byCut = await at.hindcast(
      'rebuild',
      'totals',
      '--from',
      '1:3',
      '--as-of',
      '0:5,1:7',
      '--into',
      'then',
    )
    expect(byCut.stdout).toMatch(/^schema then has totals version 1, from 1:3 on, up to 0:5,1:7\n/)
  })
})

describe('hindcast versions, rollback and release', () => {
  it('lists every schema, with what is interrupted', async () => {
    await using at = await place()
    const { stdout } = await at.hindcast('versions')
    expect(stdout.split('\n').map(line => line.trim().split(/ {2,}/)[2])).toEqual([
      ...['schema', 'totals_v1', 'totals_v1_before', 'totals_v1_rebuild', undefined, undefined],
    ])
    expect(stdout).toContain('    rebuild by host:7 since 2026-01-01T00:00:00.000Z, interrupted')
  })

  it('reads again what was read before', async () => {
    await using at = await place()
    const { code, stdout } = await at.hindcast('rollback', 'totals')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^readers read totals version 1 again, schema totals_v1_before, up to 0:201\n/)
  })

  it('drops only what is agreed to', async () => {
    await using at = await place()
    const asked = await at.hindcast('release', 'totals')
    expect(asked.code).toBe(1)
    expect(asked.stderr).toMatch(
      /^HC_NOT_CONFIRMED .*Dropped for good:\n[^]*totals_v1_before[^]*totals_v1_rebuild/,
    )
    expect(asked.stderr).not.toMatch(/totals_v1 /)
    expect(await at.hindcast('release', 'totals', '--yes')).toMatchObject({
      ...{ code: 0, stdout: 'dropped totals_v1_before, totals_v1_rebuild\n' },
    })
    expect(await at.hindcast('release', 'nothing', '--yes')).toMatchObject({ code: 1 })
  })

  it('is refused by read models that have nothing to operate on', async () => {
    await using at = await Workplace.make(
      CONFIG.replace('./engine.js', '@hindcast/core')
        .replace('pretended }', 'memoryReadModels as pretended }')
        .replace('readModels: pretended', 'readModels: pretended()'),
    )
    await (await at.app()).stop()
    expect((await at.hindcast('rebuild', 'totals')).stderr).toMatch(/^HC_OPERATIONS_UNSUPPORTED /)
  })
})

describe('progress', () => {
  const progress: BuildProgress = {
    ...{ projection: 'balances', version: 2, schema: 'balances_v2', phase: 'building', partitions: [] },
    ...{ events: 120_000, totalEvents: 266_000, eventsPerSecond: 81_234.5, etaMs: 200_000 },
  }

  it('is a bar with share, records, rate and the time that is left', () => {
    expect(progressText(progress)).toBe(
      'balances v2 building  45%  120,000 of 266,000  81,235/s  3 min 20 s left',
    )
    expect(progressBar(progress)).toContain(`${'█'.repeat(11)}${'░'.repeat(13)}`)
    expect(progressText({ ...progress, totalEvents: 0, events: 0 })).toContain('100%')
    const error = { code: 'HC_READ_MODEL_UNREACHABLE', message: 'no room' }
    expect(progressText({ ...progress, error })).toMatch(/ tries again: HC_READ_MODEL_UNREACHABLE no room$/)
  })
})

describe('a cut as text', () => {
  const places = [0, 1].map(partition => ({ log: 'a', partition }))

  it('reads back what it says, with the log where there are several', () => {
    const one = [{ log: 'a', partition: 1, next: 7n }]
    expect(timeOrCut(cutText(one), places)).toEqual(one)
    const two = [...one, { log: 'b', partition: 1, next: 2n }]
    expect(cutText(two)).toBe('a/1:7,b/1:2')
    expect(timeOrCut(cutText(two), [...places, { log: 'b', partition: 1 }])).toEqual(two)
    expect(() => timeOrCut('1:7', [...places, { log: 'b', partition: 1 }])).toThrow('write <log>/1:7')
  })

  it.each(['2026-13-01', 'yesterday', '1:', ''])('refuses %j', text => {
    expect(() => timeOrCut(text, places)).toThrow('is refused')
  })
})
