import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { partitionOf, systemClock, uuidV7Source } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StoreHost } from './store-host.js'

const APPENDS = 40
const WITHIN_MS = 20
const STREAM = 'account-1'

describe('a live reader', () => {
  it('mostly sees what another process appends within 20 ms', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hindcast-tail-'))
    const host = new StoreHost()
    const here = await lmdb(folder)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
    const there = await host.open(folder)
    const stop = new AbortController()
    const partition = partitionOf(STREAM, here.partitions)
    const seenAt = new Map<string, number>()
    const reading = (async () => {
      for await (const { events } of here.readLog(partition, { live: true, signal: stop.signal }))
        for (const event of events) seenAt.set(event.id, performance.now())
    })()
    onTestFinished(async () => {
      await here[Symbol.asyncDispose]()
      await there[Symbol.asyncDispose]()
      await host.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    const delays: number[] = []
    const roundTrips: number[] = []
    for (let n = 0; n < APPENDS; n++) {
      const event = { id: `e${n}`, type: 'a.b', schemaVersion: 1, data: '{}' }
      await there.append([{ stream: STREAM, expected: 'any', events: [event] }], { commandId: `c${n}` })
      const answeredAt = performance.now()
      while (!seenAt.has(event.id)) await new Promise(resolve => setImmediate(resolve))
      delays.push(seenAt.get(event.id)! - answeredAt)
      const askedAt = performance.now()
      await there.end(partition)
      roundTrips.push(performance.now() - askedAt)
    }
    stop.abort()
    await reading
    // A busy machine lets processes wait for their turn: as long as for a mere question to the other one.
    const limit = WITHIN_MS + 2 * median(roundTrips)
    expect(median(delays), `delays in ms: ${delays.map(Math.round).join(' ')}`).toBeLessThanOrEqual(limit)
  })
})

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length / 2]!
}
