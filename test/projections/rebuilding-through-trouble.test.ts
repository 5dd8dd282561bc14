import type { RebuildResult } from '@hindcast/core'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWhere } from '../servers/suites.js'
import { Laboratory } from './laboratory.js'
import { OwnServer } from '../servers/own-server.js'
import { ownServerSuite } from './own-server-suite.js'
import { SmallDisk } from './small-disk.js'
import { until } from './until.js'

const UNREACHABLE = { code: 'HC_READ_MODEL_UNREACHABLE', retryable: true }

ownServerSuite('a rebuild whose PostgreSQL server', () => {
  let server: OwnServer
  beforeEach(async () => {
    server = await OwnServer.make()
    await server.start()
  })
  afterEach(() => server[Symbol.asyncDispose]())

  it('crashes while it folds says what it waits for, and goes on when the server is there again', async () => {
    await using laboratory = await counted(server, 60)
    let away: Promise<void> | undefined
    const errors: unknown[] = []
    const rebuilding = laboratory.rebuild('entries', {
      maxEventsPerSecond: 20,
      onProgress: ({ events, error }) => {
        if (events > 10) away ??= server.stop()
        if (error !== undefined) errors.push(error)
      },
    })
    await until('it waits', () => errors.length > 0)
    await away
    await server.start()
    expect((await rebuilding).comparison?.first).toEqual([])
    for (const error of errors) expect(error).toMatchObject(UNREACHABLE)
    await laboratory.count(5)
    expect(await laboratory.defects()).toEqual([])
  })

  it('crashes in the middle of the swap is refused with a code; readers read on, and the same call swaps', async () => {
    await using laboratory = await counted(server, 20)
    const reader = new Client({ connectionString: laboratory.url })
    reader.on('error', () => undefined)
    await reader.connect()
    await reader.query('begin; select * from read.tally')
    const failed = laboratory.rebuild('tally').catch((error: unknown) => error)
    await until('the swap waits for the reader', async () => {
      const waiting = await laboratory.ask(
        `select from pg_stat_activity where wait_event_type = 'Lock' and query like 'lock table%'`,
      )
      return waiting.length > 0
    })
    await server.restart()
    expect(await failed).toMatchObject(UNREACHABLE)
    await laboratory.count(5)
    expect(await laboratory.defects()).toEqual([])
    expect((await laboratory.rebuild('tally')).comparison?.first).toEqual([])
    expect(await laboratory.defects()).toEqual([])
  })
})

// Who is not root makes no disks.
const fullDiskSuite = SmallDisk.canBeMade ? ownServerSuite : describeWhere(false)

fullDiskSuite('a rebuild on a full disk', () => {
  it('says so and waits; it can be given up to make room, and goes on when there is some', async () => {
    await using server = await OwnServer.make()
    await server.start()
    using disk = SmallDisk.make(32)
    await server.tablesOn(disk.folder)
    await using laboratory = await counted(server, 60)
    const full = {
      ...{ code: 'HC_READ_MODEL_FULL', retryable: true },
      message: expect.stringMatching(/No space left on device.*Make room/) as string,
    }
    /** Rebuilds on a disk that is full from the moment at which there is a schema. */
    const rebuild = (waiting: () => void, signal?: AbortSignal): Promise<RebuildResult> => {
      let [filled, waited] = [false, false]
      return laboratory.rebuild('entries', {
        ...(signal && { signal }),
        onProgress({ error }) {
          if (!filled) disk.fill()
          filled = true
          if (error === undefined || waited) return
          waited = true
          expect(error).toMatchObject(full)
          waiting()
        },
      })
    }
    const cancel = new AbortController()
    await expect(rebuild(() => cancel.abort(new Error('enough')), cancel.signal)).rejects.toThrow('enough')
    const rows = await laboratory.ask('select count(*)::integer as events from read.entries')
    expect(rows).toEqual([{ events: 60 }])
    expect(await laboratory.operate(operations => operations.release('entries'))).toEqual([
      'entries_v1_rebuild',
    ])
    disk.makeRoom()
    let roomMade = false
    const { comparison } = await rebuild(() => {
      roomMade = true
      disk.makeRoom()
    })
    expect([roomMade, comparison?.first]).toEqual([true, []])
    await laboratory.count(5)
    expect(await laboratory.defects()).toEqual([])
  })
})

/** A log that is counted in, and folded by a process. */
async function counted(server: OwnServer, times: number): Promise<Laboratory> {
  const laboratory = await Laboratory.open(server.url)
  laboratory.worker({ partitions: 'all' })
  await laboratory.count(times)
  expect(await laboratory.defects()).toEqual([])
  return laboratory
}
