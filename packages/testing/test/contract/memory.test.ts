import { describe, it } from 'vitest'
import { eventStoreContract } from '@hindcast/testing'
import { memoryHarness } from './memory-harness.js'

describe('the in-memory event store', () => {
  for (const { name, run } of eventStoreContract(memoryHarness())) it(name, run)
})
