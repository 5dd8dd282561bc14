import { afterAll, describe, it } from 'vitest'
import { snapshotsOf, snapshotStoreContract } from '@hindcast/testing'
import { lmdbHarness } from './lmdb-harness.js'

const harness = lmdbHarness()

describe('the snapshots in the folder of the LMDB event store', () => {
  afterAll(() => harness.clean())
  for (const { name, run } of snapshotStoreContract(snapshotsOf(harness))) it(name, run)
})
