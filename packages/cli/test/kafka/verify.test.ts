import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kafka } from '@hindcast/kafka-store'
import { expect, it } from 'vitest'
import { brokers, kafkaSuite } from '../../../../test/servers/suites.js'
import { Add } from '../app/counter.js'
import { Workplace } from '../workplace.js'

kafkaSuite('hindcast verify of a log on Kafka', () => {
  it('reads the topic beside the running app, and the snapshots of an index when the app is stopped', async () => {
    const topic = `test-${randomUUID()}`
    const storeText = `kafka({ brokers: ${JSON.stringify(brokers)}, topic: '${topic}', partitions: 2 })`
    await using place = await Workplace.make(`
import { kafka } from '@hindcast/kafka-store'
import { Counter } from './counter.js'
export default { store: ${storeText}, aggregates: [Counter] }
`)
    const code = await readFile(join(place.folder, 'counter.ts'), 'utf8')
    await place.write(
      'counter.ts',
      code.replace("@Aggregate('counter')", "@Aggregate('counter', { snapshotEvery: 2 })"),
    )
    await place.write('fill.config.ts', FILL)
    expect(await place.hindcast('-c', 'fill.config.ts', 'verify')).toMatchObject({ code: 0 })
    {
      await using app = await place.app({
        store: kafka({ brokers, topic, dataDir: join(place.folder, 'data/index') }),
      })
      await app.execute('b', Add.of({ count: 2 }))
      const beside = await place.hindcast('verify')
      expect(beside).toMatchObject({ code: 0, stderr: '' })
      expect(beside.stdout).toContain(
        'no events: 0 foreign records, 0 records in 0 batches that never happened\nsnapshots: not looked at; on Kafka',
      )
      const asked = await place.hindcast('verify', '--snapshots', 'all')
      expect(asked).toMatchObject({ code: 1, stdout: '' })
      expect(asked.stderr).toMatch(/^HC_INDEX_IN_USE /)
    }
    const alone = await place.hindcast('verify', '--snapshots', 'all')
    expect(alone).toMatchObject({ code: 0, stderr: '' })
    expect(alone.stdout).toContain(
      'snapshots: 1 of 1 that were looked at compared with a full replay\nno problem\n',
    )
  })
})

/** The config of the folder; when it is loaded, its app appends. */
const FILL = `
import { Hindcast } from '@hindcast/core'
import { Add } from './counter.js'
import config from './hindcast.config.js'
const app = await Hindcast.start({ ...config, log: false })
for (const key of ['a', 'b', 'a']) await app.execute(key, Add.of({ count: 2 }))
await app.stop()
export default config
`
