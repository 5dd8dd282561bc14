import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { systemClock, uuidV7Source, type Snapshot } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { describe, expect, it } from 'vitest'
import { Workplace } from './workplace.js'

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

/** Builds the service as a project of its own may do: an older target, fields that are only there when they have a value. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2021',
    lib: ['ES2023', 'ESNext.Disposable'],
    module: 'nodenext',
    experimentalDecorators: true,
    useDefineForClassFields: false,
    skipLibCheck: true,
    strict: true,
    types: ['node'],
    outDir: 'dist',
  },
  files: ['service.ts'],
}
const COUNTER = `
import { Aggregate, AggregateRoot, Apply, Command, Event, Handle } from '@hindcast/core'
import { worth } from './worth.js'

export class Added extends Event('counter.added') {
  count!: number
}
export class Add extends Command('counter.add') {
  count!: number
}

@Aggregate('counter', { snapshotEvery: 3 })
export class Counter extends AggregateRoot<Added> {
  total = 0
  last?: number // nothing yet
  before!: { readonly total: number; readonly last?: number | undefined }
  @Handle(Add) add(command: Add) {
    this.emit(Added, { count: command.count })
  }
  @Apply(Added) onAdded(event: Added) {
    // The total that was before, and what came.
    this.before = { total: this.total, last: this.last }
    this.last = event?.count ?? 1_000
    this.total += worth(this.last)
  }
}
`
const SERVICE = `
import { Hindcast } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { Add, Counter } from './counter.js'

const app = await Hindcast.start({ store: lmdb('./data/log'), aggregates: [Counter], log: false })
for (const key of ['a', 'b']) for (let i = 1; i <= 4; i++) await app.execute(key, Add.of({ count: i }))
await app.stop()
`

async function built(place: Workplace): Promise<void> {
  await place.write('package.json', '{ "type": "module" }')
  await place.write('worth.ts', 'export const worth = (count: number): number => count\n')
  await place.write('counter.ts', COUNTER)
  await place.write('service.ts', SERVICE)
  await place.write('tsconfig.json', JSON.stringify(TSCONFIG))
  for (const args of [[tsc, '-p', '.'], ['dist/service.js']]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: place.folder,
      encoding: 'utf8',
    })
    expect([status, stdout, stderr]).toEqual([0, '', ''])
  }
}

/** Changes the snapshot of a stream, as a service with a wrong helper would have taken it. */
async function plant(place: Workplace, stream: string, change: (state: string) => string): Promise<void> {
  const host = { clock: systemClock, ids: uuidV7Source(), run: 'all' as const }
  await using store = await lmdb(join(place.folder, 'data/log'))(host)
  const snapshots = store.snapshots!
  const [fingerprint] = await snapshots.fingerprints(stream)
  const snapshot: Snapshot = (await snapshots.load(stream, fingerprint!))!
  expect(change(snapshot.state)).not.toBe(snapshot.state)
  await snapshots.save({ ...snapshot, state: change(snapshot.state) })
}

describe('hindcast verify, on the sources of a service that tsc has built', () => {
  it('compares the snapshots that the service has taken, and finds one that is wrong', async () => {
    await using place = await Workplace.make()
    await built(place)
    const sound = await place.hindcast('verify')
    expect(sound.stderr).toBe('')
    expect(sound.stdout).toMatch(
      /snapshots: 2 of 2 that were looked at compared with a full replay, 2 of them of other builds or another compiler\nno problem\n$/,
    )
    expect(sound.code).toBe(0)

    await plant(place, 'counter-b', state => state.replace('"total":6', '"total":7'))
    const wrong = await place.hindcast('verify')
    expect(wrong.stdout).toMatch(
      /HC_SNAPSHOT_STALE {2}the snapshot of stream "counter-b" at version 2 is not what its events fold to: total is 7 in it and 6 folded\. A build took it/,
    )
    expect(wrong.stdout).toMatch(/\n1 problem: HC_SNAPSHOT_STALE 1\n$/)
    expect(wrong.code).toBe(3)
  })

  it('finds that a function has changed that a fold calls', async () => {
    await using place = await Workplace.make()
    await built(place)
    const worth = join(place.folder, 'worth.ts')
    await writeFile(worth, (await readFile(worth, 'utf8')).replace('=> count', '=> count * 2'))
    const { code, stdout } = await place.hindcast('verify')
    expect(stdout).toMatch(/: total is 6 in it and 12 folded; before is /)
    expect(stdout).toMatch(/\n2 problems: HC_SNAPSHOT_STALE 2\n$/)
    expect(code).toBe(3)
  })
})
