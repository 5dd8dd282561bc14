import { randomUUID } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { join } from 'node:path'
import type { SkippedRecords } from '@hindcast/kafka-store'
import { pglite } from '@hindcast/projections'
import kafkajs from 'kafkajs'
import { expect, it, onTestFinished } from 'vitest'
import { Appenders } from '../projections/appenders.js'
import { brokers, kafkaSuite } from '../servers/suites.js'

kafkaSuite('SQL read models of a topic to which several processes append', () => {
  it(
    'skip no event and double none, with foreign records between, appenders that are stopped and an app that is restarted',
    { timeout: 180_000 },
    async () => {
      const topic = `test-${randomUUID()}`
      const skipped = skippedOf(topic)
      await using appenders = new Appenders(() => ({ kind: 'kafka', brokers, topic }))
      const stranger = await strangerIn(topic)
      const views = pglite(join(appenders.folder, 'views'))
      expect(await appenders.trial(views, { processes: 3, times: 150 }, stranger)).toEqual([])
      expect(appenders.events).toBe(450)
      expect(skipped.has('foreign')).toBe(true)
    },
  )
})

/** The kinds of records that readers of this process skip. */
function skippedOf(topic: string): ReadonlySet<SkippedRecords['kind']> {
  const kinds = new Set<SkippedRecords['kind']>()
  const hear = (message: unknown): void => {
    const said = message as SkippedRecords
    if (said.topic === topic) kinds.add(said.kind)
  }
  subscribe('hindcast:kafka:skipped', hear)
  onTestFinished(() => void unsubscribe('hindcast:kafka:skipped', hear))
  return kinds
}

/** Writes a record into each partition as a program would that knows nothing of the log. */
async function strangerIn(topic: string): Promise<() => Promise<void>> {
  const client = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
  const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  onTestFinished(() => producer.disconnect())
  const messages = [0, 1, 2, 3].map(partition => ({ partition, key: 'k', value: 'hello' }))
  return async () => void (await producer.send({ topic, messages }))
}
