import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hindcast, type Position } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { pglite } from '@hindcast/projections'
import { expect, it } from 'vitest'
import { layPglite } from '../servers/pglite-template.js'
import { describeWhere } from '../servers/suites.js'
import { Count, Counter, Entries } from './counting.js'
import { SmallDisk } from './small-disk.js'

const EVENTS = 60

describeWhere(SmallDisk.canBeMade)('a rebuild in a PGlite folder whose disk is full', () => {
  it('says so and waits while readers read on, and goes on when there is room', async () => {
    using disk = SmallDisk.make(160)
    const views = join(disk.folder, 'views')
    mkdirSync(views)
    layPglite(views)
    const log = mkdtempSync(join(tmpdir(), 'hindcast-full-'))
    try {
      await using app = await Hindcast.start({
        store: lmdb(log, { partitions: 2 }),
        readModels: pglite(views),
        aggregates: [Counter],
        projections: [Entries],
        log: false,
      })
      const positions: Position[] = []
      for (let n = 0; n < EVENTS; n++)
        positions.push((await app.execute('abc'[n % 3]!, Count.of({}))).position)
      const read = (atLeast: Position): Promise<readonly object[]> =>
        app.view(Entries).query('select count(*)::integer as events from entries', [], { atLeast })
      for (const atLeast of positions.slice(-3)) await read(atLeast)
      let filled = false
      let whileFull: Promise<readonly object[]> | undefined
      const { comparison } = await app.readModels.rebuild(Entries, {
        onProgress({ error }) {
          if (!filled) disk.fill()
          filled = true
          if (error === undefined || whileFull) return
          expect(error).toMatchObject({ code: 'HC_READ_MODEL_FULL', retryable: true })
          whileFull = read(positions[0]!).finally(() => disk.makeRoom())
        },
      })
      expect(await whileFull).toEqual([{ events: EVENTS }])
      expect(comparison).toMatchObject({ differentRows: 0 })
      expect(await read(positions.at(-1)!)).toEqual([{ events: EVENTS }])
    } finally {
      rmSync(log, { recursive: true })
    }
  })
})
