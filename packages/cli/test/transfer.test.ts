import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock, uuidV7Source } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { expect, describe, it } from 'vitest'
import { Add } from './app/counter.js'
import { Workplace } from './workplace.js'

const TARGET = `
import { lmdb } from '@hindcast/lmdb-store'
import { defineConfig } from 'hindcast'
import { Counter } from './counter.js'

export default defineConfig({ store: lmdb('./data/moved', { partitions: 5 }), aggregates: [Counter] })
`
/** The same, which sends itself a signal when its store was called so often. */
const TRAPPED = TARGET.replace(
  /store: (.*), aggregates/,
  `store: async host => {
    const store = await $1(host)
    let calls = 0
    return new Proxy(store, {
      get(target, name) {
        if (name === process.env.CALL && ++calls === Number(process.env.AT)) setImmediate(() => process.kill(process.pid, process.env.SIGNAL))
        const member = target[name]
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
  }, aggregates`,
)
const EVENTS = 3000
const FROZEN_MS = 3_000

async function workplace(events: number): Promise<Workplace> {
  const place = await Workplace.make()
  await place.write('target.config.ts', TARGET)
  await place.write('trapped.config.ts', TRAPPED)
  await using app = await place.app()
  for (let begin = 0; begin < events; begin += 200)
    await Promise.all(
      Array.from({ length: Math.min(200, events - begin) }, (_, i) =>
        app.execute(`c${(begin + i) % 37}`, Add.of({ count: begin + i }), {
          commandId: `add-${begin + i}`,
        }),
      ),
    )
  return place
}

async function contents(place: Workplace, folder: string): Promise<readonly object[]> {
  const open = lmdb(join(place.folder, folder))
  await using store = await open({ clock: systemClock, ids: uuidV7Source(), run: 'all', existing: true })
  const events = []
  for (let partition = 0; partition < store.partitions; partition++)
    for await (const batch of store.readLog(partition))
      for (const { id, stream, version, type, time, data, commandId } of batch.events)
        events.push({ id, stream, version, type, time, data, commandId })
  return events.toSorted((a, b) => a.stream.localeCompare(b.stream) || a.version - b.version)
}

describe('hindcast export and import', () => {
  it('moves a log to other partitions, and says what does not move along', async () => {
    await using place = await workplace(40)
    expect(await place.hindcast('export', 'log.ndjson')).toEqual({
      ...{ code: 0, stderr: '', stdout: 'log.ndjson has 40 events, 40 of them new\n' },
    })
    const { code, stdout, stderr } = await place.hindcast('-c', 'target.config.ts', 'import', 'log.ndjson')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^log \S+ with 5 partitions has 40 events, 40 of them new\n$/)
    expect(stderr).toMatch(/checkpoints, positions and tokens of the old one do not fit it/)
    expect(await contents(place, 'data/moved')).toEqual(await contents(place, 'data/log'))
    const again = await place.hindcast('-c', 'target.config.ts', '--json', 'import', 'log.ndjson')
    expect(JSON.parse(again.stdout)).toMatchObject({ events: 40, eventsBefore: 40, done: true })

    await using app = await place.app({ store: lmdb(join(place.folder, 'data/moved')) })
    const repeated = await app.execute('c3', Add.of({ count: 3 }), { commandId: 'add-3' })
    expect(repeated.repeated).toBe(true)
  })

  it('goes on with a cut file, and names a damaged line and a start that is none', async () => {
    await using place = await workplace(10)
    const file = join(place.folder, 'log.ndjson')
    await place.hindcast('export', 'log.ndjson')
    const whole = await readFile(file, 'utf8')
    await writeFile(file, whole.slice(0, -400))
    const cut = await place.hindcast('-c', 'target.config.ts', 'import', 'log.ndjson')
    expect(cut).toMatchObject({ code: 1, stdout: '' })
    expect(cut.stderr).toMatch(/^HC_EXPORT_CUT.* log\.ndjson breaks off in or behind line \d+/)
    expect((await place.hindcast('export', 'log.ndjson')).stderr).toMatch(
      /broke off in line \d+; it was written/,
    )
    expect(await readFile(file, 'utf8')).toBe(whole)
    await appendFile(file, '{}\n')
    expect((await place.hindcast('export', 'log.ndjson')).stderr).toMatch(
      /HC_EXPORT_LINE.*line 13 is damaged/,
    )
    expect(await place.hindcast('export', 'late.ndjson', '--from', 'noon')).toMatchObject({ code: 2 })
    const late = await place.hindcast('--json', 'export', 'late.ndjson', '--from', '2100-01-01')
    expect(JSON.parse(late.stdout)).toMatchObject({ events: 0 })
  })

  it('goes on after kill -9 in the middle of an import, and nothing is lost or doubled', async () => {
    await using place = await workplace(EVENTS)
    await place.hindcast('export', 'log.ndjson')
    let before = 0
    for (const AT of ['700', '1100']) {
      // Each goes on with what the one before has left.
      const trap = { CALL: 'append', AT, SIGNAL: 'SIGKILL' }
      await place.hindcastWith(trap, '-c', 'trapped.config.ts', 'import', 'log.ndjson')
      const count = await countOf(place)
      expect(count).toBeGreaterThan(before)
      expect(count).toBeLessThan(EVENTS)
      before = count
    }
    const last = await place.hindcast('-c', 'target.config.ts', '--json', 'import', 'log.ndjson')
    expect(JSON.parse(last.stdout)).toMatchObject({ events: EVENTS, eventsBefore: before, timesMoved: 0 })
    expect(await contents(place, 'data/moved')).toEqual(await contents(place, 'data/log'))
  })

  it('that is frozen, and wakes up when another import of the same file has gone on, leaves every event once', async () => {
    await using place = await workplace(EVENTS)
    await place.hindcast('export', 'log.ndjson')
    const trap = { CALL: 'append', AT: '1500', SIGNAL: 'SIGSTOP' }
    const frozen = place.startWith(trap, '-c', 'trapped.config.ts', '--json', 'import', 'log.ndjson')
    await expect.poll(() => isFrozen(frozen.child)).toBe(true)
    const other = await place.start('-c', 'target.config.ts', '--json', 'import', 'log.ndjson')
    // In the middle of a transaction the frozen one keeps the lock of LMDB, and the other one waits for it.
    await Promise.race([other.ended, new Promise(resolve => setTimeout(resolve, FROZEN_MS))])
    expect(frozen.child.exitCode).toBe(null)
    frozen.child.kill('SIGCONT')
    for (const { code, stdout, stderr } of await Promise.all([frozen.ended, other.ended])) {
      expect([code, stderr.includes('HC_')]).toEqual([0, false])
      expect(JSON.parse(stdout)).toMatchObject({ events: EVENTS, done: true, commandIdsChanged: 0 })
    }
    expect(await contents(place, 'data/moved')).toEqual(await contents(place, 'data/log'))
  })

  it('has a file for itself: another export is refused while it writes, also frozen, and goes on when it was killed', async () => {
    await using place = await workplace(EVENTS)
    await place.write('log.config.ts', TRAPPED.replace('data/moved', 'data/log').replace('5', '2'))
    const trap = { CALL: 'findCommand', AT: '2500', SIGNAL: 'SIGSTOP' }
    const first = place.startWith(trap, '-c', 'log.config.ts', 'export', 'log.ndjson')
    await expect.poll(() => isFrozen(first.child)).toBe(true)
    const file = join(place.folder, 'log.ndjson')
    const written = await readFile(file, 'utf8')
    expect(written).not.toBe('')
    const second = await place.hindcast('export', 'log.ndjson')
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toMatch(/^HC_EXPORT_IN_USE another process exports to log\.ndjson now/)
    expect(await readFile(file, 'utf8')).toBe(written)
    first.child.kill('SIGKILL')
    await first.ended
    expect(await place.hindcast('export', 'log.ndjson')).toMatchObject({ code: 0 })
    expect(await place.hindcast('-c', 'target.config.ts', 'import', 'log.ndjson')).toMatchObject({ code: 0 })
    expect(await contents(place, 'data/moved')).toEqual(await contents(place, 'data/log'))
  })

  it('refuses a file that cannot be written or read with a code, and makes nothing', async () => {
    await using place = await workplace(1)
    for (const file of ['data', 'missing/log.ndjson', '/dev/full']) {
      const { code, stdout, stderr } = await place.hindcast('export', file)
      expect([code, stdout, stderr.split(' ')[0]]).toEqual([1, '', 'HC_EXPORT_FILE'])
    }
    for (const file of ['data', 'missing.ndjson']) {
      const { code, stdout, stderr } = await place.hindcast('-c', 'target.config.ts', 'import', file)
      expect([code, stdout, stderr.split(' ')[0]]).toEqual([1, '', 'HC_EXPORT_FILE'])
    }
    expect(await place.has('data/moved')).toBe(false)
  })

  it('refuses a log that has other events', async () => {
    await using place = await workplace(5)
    await place.hindcast('export', 'log.ndjson')
    await place.write('log.config.ts', TARGET.replace('data/moved', 'data/used'))
    {
      await using app = await place.app({ store: lmdb(join(place.folder, 'data/used'), { partitions: 5 }) })
      await app.execute(randomUUID(), Add.of({ count: 1 }))
    }
    const said = await place.hindcast('-c', 'log.config.ts', 'import', 'log.ndjson')
    expect(said).toMatchObject({ code: 1, stdout: '' })
    expect(said.stderr).toMatch(/HC_IMPORT_FOREIGN_EVENT/)
  })
})

/** Whether it has stopped itself, as Linux says; it must not have ended. */
async function isFrozen(child: ChildProcess): Promise<boolean> {
  const status = await readFile(`/proc/${child.pid}/stat`, 'utf8')
  return status.slice(status.lastIndexOf(')') + 2).startsWith('T')
}

async function countOf(place: Workplace): Promise<number> {
  if (!(await place.has('data/moved/hindcast.json'))) return 0
  return (await contents(place, 'data/moved')).length
}
