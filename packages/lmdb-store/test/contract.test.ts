import { afterAll, describe, it } from 'vitest'
import { eventStoreContract } from '@hindcast/testing'
import { lmdbHarness } from './lmdb-harness.js'

const harness = lmdbHarness()

describe('the LMDB event store', () => {
  afterAll(() => harness.clean())
  for (const { name, run } of eventStoreContract(harness)) it(name, run)
})
