import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { App } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { expect, it } from 'vitest'
import { brokers, kafkaSuite } from '../../../../test/servers/suites.js'
import { Add } from '../app/counter.js'
import { Workplace } from '../workplace.js'

kafkaSuite('looking into a log on Kafka, beside the running app', () => {
  it('shows a stream with its states, the log, and what it depends on', async () => {
    const topic = `test-${randomUUID()}`
    await using place = await Workplace.make(configOf(topic))
    await using app = await appOf(place, topic)
    await app.execute('a', Add.of({ count: 2 }))
    await app.execute('b', Add.of({ count: 7 }))
    await app.execute('a', Add.of({ count: 3 }))
    const stream = await place.hindcast('stream', 'counter-a', '--states', '--json')
    expect(stream.stderr).toBe('')
    const totals = stream.stdout
      .trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as { state: { total: number } }).state.total)
    expect(totals).toEqual([2, 5])
    const tail = await place.hindcast('tail', '--no-follow', '--json')
    expect(tail.stdout.trimEnd().split('\n')).toHaveLength(3)
    const doctor = await place.hindcast('doctor')
    expect(doctor.stdout).toContain(`right    topic "${topic}": retention.ms: -1`)
    expect(doctor.code).toBe(0)
  })
})

function configOf(topic: string): string {
  return `
import { kafka } from '@hindcast/kafka-store'
import { Counter } from './counter.js'
export default { store: kafka({ brokers: ${JSON.stringify(brokers)}, topic: '${topic}' }), aggregates: [Counter] }
`
}

function appOf(place: Workplace, topic: string): Promise<App> {
  return place.app({
    store: kafka({ brokers, topic, partitions: 2, dataDir: join(place.folder, 'data/index') }),
  })
}
