import { randomUUID } from 'node:crypto'
import { systemClock, uuidV7Source } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'

/**
 * Appends until the index takes no more, and goes on for a while; then prints what was acknowledged and how the rest was
 * refused. The limit of a file's size (ulimit -f) stands in for the full disk.
 */
const [brokers, topic, dataDir] = process.argv.slice(2)
const EVENTS = 1000
const REFUSALS = 3
// Without a handler the system ends the process at the limit.
process.on('SIGXFSZ', () => undefined)

const host = { clock: systemClock, ids: uuidV7Source(), run: 'all' } as const
const options = { brokers: brokers!.split(','), topic: topic!, dataDir: dataDir!, partitions: 1 }
const store = await kafka({ ...options, appendTimeoutMs: 3000 })(host)
const acknowledged: string[] = []
const refused: { readonly stream: string; readonly code: string; readonly message: string }[] = []

while (refused.length < REFUSALS) {
  const stream = `account-${randomUUID()}`
  const events = Array.from({ length: EVENTS }, () => ({
    id: randomUUID(),
    type: 'a.b',
    schemaVersion: 1,
    data: '{}',
  }))
  try {
    await store.append([{ stream, expected: 'none', events }], { commandId: stream })
    acknowledged.push(stream)
  } catch (error) {
    const { code, message } = error as Error & { code: string }
    refused.push({ stream, code, message })
  }
}
let readable = 0
for await (const events of store.readStream(acknowledged[0]!)) readable += events.length
await store[Symbol.asyncDispose]()
process.stdout.write(JSON.stringify({ acknowledged, refused, readable }))
