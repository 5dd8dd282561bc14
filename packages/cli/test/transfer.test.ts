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
const EVENTS = 3000
const FROZEN_MS = 3_000

async function workplace(events: number): Promise<Workplace> {
  const place = await Workplace.make()
  await place.write('target.config.ts', TARGET)
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
    for (let kills = 0; kills < 2; kills++) {
      const { child, ended } = await place.start('-c', 'target.config.ts', 'import', 'log.ndjson')
      // Each goes on with what the one before has left, and is killed when it has written something.
      for (let count = before; count === before && child.exitCode === null;) {
        await new Promise(resolve => setTimeout(resolve, 5))
        count = await countOf(place)
      }
      child.kill('SIGKILL')
      await ended
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
    const frozen = await place.start('-c', 'target.config.ts', '--json', 'import', 'log.ndjson')
    while ((await countOf(place)) === 0) await new Promise(resolve => setTimeout(resolve, 5))
    frozen.child.kill('SIGSTOP')
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

async function countOf(place: Workplace): Promise<number> {
  if (!(await place.has('data/moved/hindcast.json'))) return 0
  return (await contents(place, 'data/moved')).length
}
