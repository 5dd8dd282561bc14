import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { partitionOf, systemClock, uuidV7Source, type EventStore } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startCluster, type Cluster } from './cluster/cluster.js'
import { ownClusterSuite } from './cluster/own-cluster-suite.js'

const STREAM = 'account-acc-1'
const PARTITIONS = 2
const REQUEST_TIMEOUT_MS = 1000
/** A few requests take no longer, on a busy machine too; what waits for the brokers waits for ever. */
const SECONDS_MS = 40_000
const folder = mkdtempSync(join(tmpdir(), 'hindcast-away-'))
let cluster: Cluster

function open(run: 'all' | 'workers'): Promise<EventStore> {
  return kafka({
    brokers: cluster.addresses,
    topic: 'bank',
    partitions: PARTITIONS,
    dataDir: join(folder, randomUUID()),
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  })({ clock: systemClock, ids: uuidV7Source(), run })
}

async function append(store: EventStore): Promise<void> {
  const events = [{ id: randomUUID(), type: 'account.opened', schemaVersion: 1, data: '{}' }]
  await store.append([{ stream: STREAM, expected: 'any', events }], { commandId: randomUUID() })
}

ownClusterSuite('workers whose brokers are away', () => {
  beforeEach(async () => {
    cluster = await startCluster()
  })
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    'stop nevertheless, within seconds: %s',
    { timeout: 240_000 },
    async signal => {
      await using writer = await open('all')
      await append(writer)
      const workers = await open('workers')
      const owned = new Set<number>()
      const membership = await workers.ownership!.join('g', PARTITIONS, {
        assigned: partition => owned.add(partition),
        revoked: async partition => void owned.delete(partition),
      })
      const stop = new AbortController()
      let seen = 0
      const reading = (async () => {
        const log = workers.readLog(partitionOf(STREAM, PARTITIONS), { live: true, signal: stop.signal })
        for await (const { events } of log) seen += events.length
      })()
      await expect.poll(() => seen).toBe(1)

      const [broker] = cluster.brokers
      if (signal === 'SIGSTOP') {
        // First they go on behind a freeze in which every request ends without an answer.
        await broker!.signal('SIGSTOP')
        await new Promise(resolve => setTimeout(resolve, 2 * REQUEST_TIMEOUT_MS))
        await broker!.signal('SIGCONT')
        await append(writer)
        await expect.poll(() => seen).toBe(2)
      }

      await broker!.signal(signal)
      const since = performance.now()
      stop.abort()
      await reading
      await membership[Symbol.asyncDispose]()
      await workers[Symbol.asyncDispose]()
      expect(performance.now() - since).toBeLessThan(SECONDS_MS)
      expect(owned.size).toBe(0)
      if (signal === 'SIGSTOP') await broker!.signal('SIGCONT')
    },
  )
})
