import { afterAll, it } from 'vitest'
import { eventStoreContract } from '@hindcast/testing'
import { kafkaHarness } from './kafka-harness.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'

const CASE_MS = 240_000
const harness = kafkaHarness()

kafkaSuite('the Kafka event store', () => {
  afterAll(() => harness.clean())
  for (const { name, run } of eventStoreContract(harness)) it.concurrent(name, run, CASE_MS)
})
