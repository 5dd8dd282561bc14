import { afterAll, it } from 'vitest'
import { snapshotsOf, snapshotStoreContract } from '@hindcast/testing'
import { kafkaHarness } from './kafka-harness.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'

const CASE_MS = 240_000

for (const [where, options] of Object.entries({ index: {}, 'index and the topic': { snapshotTopic: true } }))
  kafkaSuite(`the snapshots in the ${where} of a Kafka log`, () => {
    const harness = kafkaHarness(options)
    afterAll(() => harness.clean())
    const contract = snapshotStoreContract(
      snapshotsOf({
        timeoutMs: 30_000,
        open: given => harness.open(given),
        reopen: (store, given) => harness.reopen(store, given),
        // A second store has an index of its own.
      }),
    )
    for (const { name, run } of contract) it.concurrent(name, run, CASE_MS)
  })
