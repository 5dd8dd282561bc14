import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { Deployment } from '../rolling/deployment.js'
import { roll } from '../rolling/roll.js'
import { brokers, kafkaSuite, postgresSuite } from '../servers/suites.js'

kafkaSuite('on Kafka', () => {
  postgresSuite('two builds of a service on one topic', server => {
    it.each(['SIGTERM', 'SIGKILL'] as const)(
      'lose and double nothing through a release, a roll-back and a release, ended by %s',
      { timeout: 240_000 },
      async ending => {
        const log = { kind: 'kafka', brokers, topic: `test-${randomUUID()}` } as const
        await using deployment = await Deployment.make(server, { log: () => log, cachedAggregates: 1_000 })
        await roll(deployment, ending)
        expect(deployment.unusual()).toEqual([])
      },
    )
  })
})
