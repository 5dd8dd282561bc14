import { readModelStoreContract } from '@hindcast/testing'
import { contractProvesItself } from '../planted/contract-proves-itself.js'
import { FAULTS } from './faults.js'
import { memoryHarness } from './memory-harness.js'

contractProvesItself({
  contract: readModelStoreContract,
  harness: memoryHarness,
  faults: FAULTS,
  expected: { cases: 102, planted: 111, withoutSecond: 9 },
  saysSecond: /two stores|one store|another/,
})
