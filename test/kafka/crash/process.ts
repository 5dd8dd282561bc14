import { systemClock, uuidV7Source } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'

/** Appends one event, says so as soon as it is acknowledged, and kills itself in the same turn: the index is not flushed. */
const [brokers, topic, dataDir, stream, commandId] = process.argv.slice(2)
const options = { brokers: brokers!.split(','), topic: topic!, dataDir: dataDir!, partitions: 1 }
const store = await kafka(options)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
const event = { id: `${stream!}@0`, type: 'a.b', schemaVersion: 1, data: '{}' }
await store.append([{ stream: stream!, expected: 'none', events: [event] }], {
  commandId: commandId!,
  result: '7',
})
process.kill(process.pid, 'SIGKILL')
