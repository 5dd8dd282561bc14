import { describe, it } from 'vitest'
import { memorySnapshots } from '@hindcast/core'
import { snapshotStoreContract } from '@hindcast/testing'

describe('the snapshot store in memory', () => {
  for (const { name, run } of snapshotStoreContract({ open: async () => memorySnapshots() })) it(name, run)
})
