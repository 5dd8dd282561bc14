import { describe, it } from 'vitest'
import { eventStoreContract } from '@hindcast/testing'
import { memoryHarness } from './memory-harness.js'

const cases = eventStoreContract(memoryHarness())

describe('the in-memory event store', () => {
  for (const { name, run } of cases) it(name, run)
})
