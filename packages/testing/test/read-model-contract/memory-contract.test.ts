import { describe, it } from 'vitest'
import { readModelStoreContract } from '@hindcast/testing'
import { memoryHarness } from './memory-harness.js'

describe('the in-memory read-model store', () => {
  for (const { name, run } of readModelStoreContract(memoryHarness())) it(name, run)
})
