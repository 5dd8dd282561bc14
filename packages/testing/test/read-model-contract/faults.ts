import { claimFaults } from './faults/claim-faults.js'
import { closingFaults } from './faults/closing-faults.js'
import type { Faults } from './faults/fault.js'
import { fenceFaults } from './faults/fence-faults.js'
import { keyFaults } from './faults/key-faults.js'
import { parkingFaults } from './faults/parking-faults.js'
import { preparingFaults } from './faults/preparing-faults.js'
import { readingFaults } from './faults/reading-faults.js'
import { rowFaults } from './faults/row-faults.js'
import { sharedRowFaults } from './faults/shared-row-faults.js'
import { standingFaults } from './faults/standing-faults.js'

/** Every planted fault, with the cases that catch it. faults.md is the same list for people. */
export const FAULTS: Faults = {
  ...preparingFaults,
  ...claimFaults,
  ...fenceFaults,
  ...rowFaults,
  ...keyFaults,
  ...sharedRowFaults,
  ...readingFaults,
  ...parkingFaults,
  ...standingFaults,
  ...closingFaults,
}
