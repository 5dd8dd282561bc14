import { snapshotStoreContract } from '@hindcast/testing'
import { contractProvesItself } from '../planted/contract-proves-itself.js'
import { buildFaults } from './faults/build-faults.js'
import { closingFaults } from './faults/closing-faults.js'
import { damageFaults } from './faults/damage-faults.js'
import { keepingFaults } from './faults/keeping-faults.js'
import { shelfHarness } from './shelf-harness.js'

contractProvesItself({
  contract: snapshotStoreContract,
  harness: shelfHarness,
  faults: { ...keepingFaults, ...buildFaults, ...damageFaults, ...closingFaults },
  expected: { cases: 21, planted: 31, withoutSecond: 2 },
  saysSecond: /another store/,
})
