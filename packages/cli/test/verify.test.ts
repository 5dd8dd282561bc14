import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { VerifyReport } from '@hindcast/evolution'
import { describe, expect, it } from 'vitest'
import { Add } from './app/counter.js'
import { ENDLESS } from './endless.js'
import { Workplace } from './workplace.js'

/** The lines of `--json`. */
function linesOf(stdout: string): readonly { readonly report?: VerifyReport; readonly problem?: object }[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as object)
}

const foreign = (type: string) => ({ id: type, type, schemaVersion: 1, data: '{"x":1}' })

describe('hindcast verify', () => {
  it('finds nothing wrong with a sound log, beside the running app, and ends with 0', async () => {
    await using place = await Workplace.make()
    await using app = await place.app()
    for (const key of ['a', 'b', 'a']) await app.execute(key, Add.of({ count: 2 }))
    const { code, stdout, stderr } = await place.hindcast('verify')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      new RegExp(
        [
          '^type           version  events',
          'counter\\.added        1       3',
          '',
          'log \\S+: 3 events in 2 streams and 2 partitions, in [\\d.]+ s \\([\\d,]+/s\\)',
          'no problem\n$',
        ].join('\n'),
      ),
    )
  })

  it('shows each problem with its place, goes on, and ends with 3', async () => {
    await using place = await Workplace.make()
    await using app = await place.app()
    await app.execute('a', Add.of({ count: 2 }))
    for (const type of ['counter.unheard', 'counter.unseen'])
      await app.store.append([{ stream: 'counter-a', expected: 'any', events: [foreign(type)] }], {
        commandId: type,
      })
    await app.execute('b', Add.of({ count: 2 }))
    const { code, stdout } = await place.hindcast('verify')
    expect(code).toBe(3)
    expect(stdout).toMatch(
      /^[01]:2 {2}HC_EVENT_TYPE_UNKNOWN {2}event "counter\.unheard" is unknown to this code \(at [01]:2, stream "counter-a"/,
    )
    expect(stdout).toMatch(/2 events behind a problem of their stream: read and validated, not folded\n/)
    expect(stdout).toMatch(/\n2 problems: HC_EVENT_TYPE_UNKNOWN 2\n$/)
    const json = await place.hindcast('--json', 'verify', '--problems', '1')
    expect(json).toMatchObject({ code: 3, stderr: '' })
    const [first, last, ...more] = linesOf(json.stdout)
    expect(more).toEqual([])
    expect(first!.problem).toMatchObject({ code: 'HC_EVENT_TYPE_UNKNOWN', stream: 'counter-a', version: 1 })
    expect(last!.report).toMatchObject({ done: true, events: 4, problems: 2, streams: 2 })
  })

  it('finds snapshots that are stale because a function has changed that a fold calls', async () => {
    await using place = await Workplace.make()
    const code = await readFile(join(place.folder, 'counter.ts'), 'utf8')
    const calling = code
      .replace("@Aggregate('counter')", "@Aggregate('counter', { snapshotEvery: 2 })")
      .replace('+= event.count', '+= worth(event.count)')
    const build = (worth: string) =>
      place.write('counter.ts', `const worth = (count: number) => ${worth}\n${calling}`)
    await build('count')
    await place.write('fill.ts', FILL)
    await place.write(
      'fill.config.ts',
      "import './fill.js'\nexport { default } from './hindcast.config.js'\n",
    )
    expect(await place.hindcast('-c', 'fill.config.ts', 'verify')).toMatchObject({ code: 0 })
    const before = await place.hindcast('verify')
    expect(before.stdout).toContain('snapshots: 1 of 1 that were looked at compared')
    expect(before.code).toBe(0)

    await build('count * 2')
    const after = await place.hindcast('verify')
    expect(after.code).toBe(3)
    expect(after.stdout).toMatch(
      /HC_SNAPSHOT_STALE {2}the snapshot of stream "counter-a" at version 3 is not what its events fold to: total is 4 in it and 8 folded/,
    )
    expect(await place.hindcast('verify', '--snapshots', 'none')).toMatchObject({ code: 0 })
    expect(await place.hindcast('verify', '--snapshots', '100%')).toMatchObject({ code: 3 })
  })

  it('says where an append is damaged, and reads the other partitions', async () => {
    await using place = await Workplace.make()
    {
      await using app = await place.app()
      for (let i = 0; i < 20; i++) await app.execute(`k${i}`, Add.of({ count: i === 9 ? 123_456_789 : i }))
    }
    const file = join(place.folder, 'data/log/data.mdb')
    const bytes = await readFile(file)
    for (let at = bytes.indexOf('123456789'); at >= 0; at = bytes.indexOf('123456789', at + 1))
      bytes[at] = 0x39
    await writeFile(file, bytes)
    const { code, stdout } = await place.hindcast('verify')
    expect(code).toBe(3)
    expect(stdout).toMatch(/^[01]:\d+ {2}HC_LOG_INTEGRITY {2}/)
    expect(stdout).toMatch(/\n\d+ records? could not be read\n1 problem: HC_LOG_INTEGRITY 1\n$/)
  })

  it('ends with 1 where there is no log, with 2 when it is not understood, with 130 at ctrl-C', async () => {
    await using place = await Workplace.make()
    const none = await place.hindcast('verify')
    expect(none).toMatchObject({ code: 1, stdout: '' })
    expect(none.stderr).toMatch(/^HC_FOLDER_/)
    for (const wrong of [
      ['--snapshots', 'some'],
      ['--snapshots', '200%'],
      ['--snapshots', '500'],
      ['--problems', 'x'],
    ])
      expect(await place.hindcast('verify', ...wrong)).toMatchObject({ code: 2, stdout: '' })
    await place.write('hindcast.config.ts', ENDLESS)
    const running = await place.start('verify')
    await running.printed('reading')
    running.child.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect(code).toBe(130)
    expect(stdout).toMatch(/\nno problem\ninterrupted: what is told is of what was read\n$/)
  })
})

/** Fills the log with the code of the folder, as the app would. */
const FILL = `
import { Hindcast } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { Add, Counter } from './counter.js'
const app = await Hindcast.start({ store: lmdb('./data/log'), aggregates: [Counter], log: false })
for (let i = 0; i < 4; i++) await app.execute('a', Add.of({ count: 1 }))
await app.stop()
`
