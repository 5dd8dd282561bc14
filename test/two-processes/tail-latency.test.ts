import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { partitionOf, systemClock, uuidV7Source } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StoreHost } from './store-host.js'

const APPENDS = 40
/** Of the process that reads: when a timer of so long is due, one that looks for new events every 5 ms has been. */
const WITHIN_MS = 20
/** What was found comes to the reader within so many turns of the event loop. */
const TURNS = 20
const STREAM = 'account-1'

describe('a live reader', () => {
  it('sees what another process has appended before a timer of 20 ms is over, however busy the machine is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hindcast-tail-'))
    const host = new StoreHost()
    const here = await lmdb(folder)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
    const there = await host.open(folder)
    const stop = new AbortController()
    const partition = partitionOf(STREAM, here.partitions)
    const seen = new Set<string>()
    const reading = (async () => {
      for await (const { events } of here.readLog(partition, { live: true, signal: stop.signal }))
        for (const event of events) seen.add(event.id)
    })()
    onTestFinished(async () => {
      await here[Symbol.asyncDispose]()
      await there[Symbol.asyncDispose]()
      await host.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    for (let n = 0; n < APPENDS; n++) {
      const event = { id: `e${n}`, type: 'a.b', schemaVersion: 1, data: '{}' }
      await there.append([{ stream: STREAM, expected: 'any', events: [event] }], { commandId: `c${n}` })
      await sleep(WITHIN_MS)
      for (let turns = 0; turns < TURNS; turns++) await turn()
      expect(seen).toContain(event.id)
    }
    stop.abort()
    await reading
  })
})
