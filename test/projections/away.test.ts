import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hindcast, type App } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { postgres } from '@hindcast/projections'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Count, Counter, Entries, PROJECTIONS, Tally } from './counting.js'
import { Laboratory } from './laboratory.js'
import { OwnServer } from '../servers/own-server.js'
import { ownServerSuite } from './own-server-suite.js'
import { until } from './until.js'

ownServerSuite('a PostgreSQL server that is away', () => {
  let server: OwnServer
  let folder: string
  beforeEach(async () => {
    server = await OwnServer.make()
    folder = mkdtempSync(join(tmpdir(), 'hindcast-away-'))
  })
  afterEach(async () => {
    await server[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  function start(run: 'all' | 'commands' | 'workers', url = server.url): Promise<App> {
    return Hindcast.start({
      store: lmdb(folder, { partitions: 2 }),
      readModels: postgres(url),
      aggregates: [Counter],
      projections: PROJECTIONS,
      run,
      log: false,
    })
  }
  const unreachable = { code: 'HC_READ_MODEL_UNREACHABLE', retryable: true }

  it('at start: the app runs, says what its projections wait for, and folds when the server comes', async () => {
    await using app = await start('all')
    const { position } = await app.execute('a', Count.of({}))
    const { live, ready, reasons, projections } = await app.health()
    expect({ live, ready }).toEqual({ live: true, ready: false })
    expect(projections).toHaveLength(6)
    for (const { state, error, here } of projections) {
      expect({ state, here }).toEqual({ state: 'retrying', here: true })
      expect(error).toMatchObject(unreachable)
    }
    expect(reasons[0]).toMatch(/is tried again .*cannot be reached: .*ECONNREFUSED/)
    await expect(app.view(Tally).get('a')).rejects.toMatchObject(unreachable)
    await expect(app.view(Entries).query('select 1')).rejects.toMatchObject(unreachable)
    await expect(app.parked(Tally).list()).rejects.toMatchObject(unreachable)
    await expect(app.parked(Tally).drop(['a'], 'why not')).rejects.toMatchObject(unreachable)
    await server.start()
    await until('it is ready', async () => (await app.health()).ready)
    expect(await app.view(Tally).get('a', { atLeast: position })).toMatchObject({ count: 1n })
    expect((await app.health()).reasons).toEqual([])
  })

  it('at start of processes without workers and with nothing else: they recover too', async () => {
    await using writer = await start('commands')
    const { position } = await writer.execute('a', Count.of({}))
    const before = await writer.health()
    expect(before).toMatchObject({ live: true, ready: true })
    expect(before.projections[0]).toMatchObject({ state: 'unknown', here: false, error: unreachable })
    await using worker = await start('workers')
    expect(await worker.health()).toMatchObject({ live: true, ready: false })
    await server.start()
    await until('it is ready', async () => (await worker.health()).ready)
    await until('the view can be read', () =>
      writer
        .view(Tally)
        .all()
        .then(
          () => true,
          () => false,
        ),
    )
    expect(await writer.view(Tally).get('a', { atLeast: position })).toMatchObject({ count: 1n })
  })

  it('at start and at the end: an app that waits for it can be stopped', async () => {
    await using app = await start('all')
    await app.stop()
    expect((await app.health()).live).toBe(false)
  })

  it('and then refuses: the projections stop, and say that the password is wrong', async () => {
    await using app = await start('all', server.urlFor('guarded', 'wrong'))
    expect((await app.health()).projections[0]).toMatchObject({ state: 'retrying' })
    await guard(server)
    await until('it is refused', async () =>
      (await app.health()).projections.every(({ state }) => state === 'stopped'),
    )
    const { live, projections } = await app.health()
    expect(live).toBe(true)
    expect(projections[0]!.error).toMatchObject({ code: 'HC_READ_MODEL_REFUSED' })
    await expect(app.view(Tally).get('a')).rejects.toMatchObject({ code: 'HC_READ_MODEL_REFUSED' })
  })

  it('not at all, but refuses: the app does not start', async () => {
    await guard(server)
    await expect(start('workers', server.urlFor('guarded', 'wrong'))).rejects.toMatchObject({
      code: 'HC_READ_MODEL_REFUSED',
      message: expect.stringMatching(
        /password authentication failed.*Check user name and password/,
      ) as string,
    })
    await using app = await start('all', server.urlFor('guarded', 'right'))
    expect((await app.health()).projections[0]!.error).toBeUndefined()
  })

  it('again and again under load, crashed and restarted: nothing is lost, nothing doubled', async () => {
    await server.start()
    await using laboratory = await Laboratory.open(server.url)
    const workers = [
      laboratory.worker({ partitions: 'shared' }),
      laboratory.worker({ partitions: 'shared' }),
      laboratory.worker({ partitions: 'all' }),
    ]
    for (const worker of workers) await worker.started()
    let counting = true
    const load = (async () => {
      while (counting) await laboratory.count(5)
    })()
    for (let times = 0; times < 5; times++) {
      const before = laboratory.events
      await until('some more is counted', () => laboratory.events > before + 100)
      await server.restart()
    }
    await until('all have folded', () => workers.every(worker => worker.hasFolded))
    counting = false
    await load
    expect(await laboratory.defects()).toEqual([])
    for (const worker of workers) await worker.end()
  })
})

/** Starts a server on which one user needs a password. */
async function guard(server: OwnServer): Promise<void> {
  const access = readFileSync(server.accessFile, 'utf8')
  writeFileSync(server.accessFile, `host all guarded 127.0.0.1/32 scram-sha-256\n${access}`)
  await server.start()
  await server.ask(
    "create role guarded login password 'right'; grant create on database postgres to guarded; grant all on schema public to guarded",
  )
}
