import { expect, it } from 'vitest'
import { ENDLESS } from './endless.js'
import { ESCAPE, shownBy, terminalSuite } from './terminal.js'
import { Workplace } from './workplace.js'

const CONFIG = `
import { lmdb } from '@hindcast/lmdb-store'
import { Counter } from './counter.js'
import { pretended } from './engine.js'
import { Totals } from './totals.js'
export default { store: lmdb('./data/log', { partitions: 2 }), readModels: pretended, aggregates: [Counter], projections: [Totals] }
`
const CTRL_C = '\u0003'
const COLOR = new RegExp(`${ESCAPE}\\[\\d+m`)

async function place(): Promise<Workplace> {
  const made = await Workplace.make(CONFIG)
  await (await made.app()).stop()
  return made
}

// Each starts the command several times.
terminalSuite('hindcast on a terminal', { timeout: 240_000 }, () => {
  it('draws its bar in one line, again and again in its place, and leaves nothing of it', async () => {
    await using at = await place()
    const wide = at.atTerminal({ columns: 120 }, 'rebuild', 'totals')
    expect(await wide.ended).toBe(0)
    const { erased, last } = shownBy(wide.output, 120)
    const bars = erased.map(lines => lines.filter(line => line.includes('totals v1 building')))
    expect(bars.length).toBeGreaterThan(10)
    for (const drawn of bars.slice(1)) expect(drawn).toHaveLength(1)
    expect(bars[1]![0]).toMatch(/^░{24} totals v1 building {2}0% {2}0 of 200 {2}100\/s {2}2\.0 s left$/)
    expect(last.join('\n')).not.toContain('building')
    expect(last.join('\n')).toContain('readers read totals version 1, schema totals_v1')
    expect(wide.output).not.toMatch(COLOR)
  })

  it('draws it in one line on a narrow terminal too, and in colours unless NO_COLOR is set', async () => {
    await using at = await place()
    const narrow = at.atTerminal({ columns: 40, env: { NO_COLOR: '' } }, 'rebuild', 'totals')
    expect(await narrow.ended).toBe(0)
    const { erased } = shownBy(narrow.output, 40)
    for (const drawn of erased.slice(1)) expect(drawn.filter(line => /[█░]/.test(line))).toHaveLength(1)
    expect(narrow.output).toMatch(COLOR)
    expect(isRestored(narrow.output)).toBe(true)
  })

  it('asks before what cannot be taken back: no, and ctrl-C, leave everything as it is; yes does it', async () => {
    await using at = await place()
    const env = { DIFFERS: '1' }
    for (const [keys, code] of [
      ['no\r', 1],
      [CTRL_C, 1],
      ['yes\r', 0],
    ] as const) {
      const asking = at.atTerminal({ columns: 120, env }, 'rebuild', 'totals')
      await asking.printed('Do it? Type yes: ')
      asking.press(keys)
      expect(await asking.ended).toBe(code)
      expect(asking.output.includes('readers read totals version 1')).toBe(code === 0)
      expect(asking.output.includes('HC_REBUILD_DIFFERS')).toBe(code === 1)
    }
    const release = at.atTerminal({ columns: 120 }, 'release', 'totals')
    await release.printed('Type yes: ')
    release.press('no\r')
    expect(await release.ended).toBe(1)
    expect(release.output).toContain('HC_NOT_CONFIRMED nothing was done.')
    expect(release.output).not.toContain('dropped totals')
  })

  it('shows how far a log is verified, and ends by ctrl-C with a report in its place', async () => {
    await using at = await Workplace.make(ENDLESS)
    const verifying = at.atTerminal({ columns: 120 }, 'verify')
    await verifying.printed('░ 0%')
    verifying.press(CTRL_C)
    expect(await verifying.ended).toBe(130)
    const { erased, last } = shownBy(verifying.output, 120)
    const bar = /^░{24} 0% {2}[\d,]+ events {2}[\d,]+\/s {2}0 problems {2}\d+ h \d+ min left$/
    expect(erased.some(lines => lines.some(line => bar.test(line)))).toBe(true)
    expect(last.join('\n')).toMatch(/no problem\ninterrupted: what is told is of what was read/)
    expect(last.some(line => line.includes('░'))).toBe(false)
    expect(isRestored(verifying.output)).toBe(true)
  })

  it('ends by ctrl-C with 130, and the terminal as it was; the same command goes on', async () => {
    await using at = await place()
    const running = at.atTerminal({ columns: 60 }, 'rebuild', 'totals')
    await running.printed('% ')
    running.press(CTRL_C)
    expect(await running.ended).toBe(130)
    expect(running.output).toContain('HC_INTERRUPTED')
    expect(isRestored(running.output)).toBe(true)
    expect(shownBy(running.output, 60).last.join('\n')).not.toMatch(/[█░]/)
    const again = await at.hindcast('rebuild', 'totals')
    expect(again.stdout).toContain('gone on from an interrupted rebuild')
  })
})

/** Whether lines are wrapped again. */
function isRestored(output: string): boolean {
  return output.lastIndexOf('\u001B[?7h') > output.lastIndexOf('\u001B[?7l')
}
