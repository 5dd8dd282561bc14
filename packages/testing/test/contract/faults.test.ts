import { eventStoreContract } from '@hindcast/testing'
import { contractProvesItself } from '../planted/contract-proves-itself.js'
import { FAULTS } from './faults.js'
import { memoryHarness } from './memory-harness.js'

contractProvesItself({
  contract: eventStoreContract,
  harness: memoryHarness,
  faults: FAULTS,
  expected: { cases: 159, planted: 162, withoutSecond: 4 },
  saysSecond: /two stores on one log|another store on the log|one store/,
})
