import { atomicityFaults } from './faults/atomicity-faults.js'
import { badInputFaults } from './faults/bad-input-faults.js'
import { checkpointFaults } from './faults/checkpoint-faults.js'
import { closingFaults } from './faults/closing-faults.js'
import { commandFaults } from './faults/command-faults.js'
import { expectationFaults } from './faults/expectation-faults.js'
import type { Faults } from './faults/fault.js'
import { foundCommandFaults } from './faults/found-command-faults.js'
import { immutabilityFaults } from './faults/immutability-faults.js'
import { limitFaults } from './faults/limit-faults.js'
import { logFaults } from './faults/log-faults.js'
import { nameFaults } from './faults/name-faults.js'
import { partitionKeyFaults } from './faults/partition-key-faults.js'
import { payloadFaults } from './faults/payload-faults.js'
import { streamFaults } from './faults/stream-faults.js'
import { tailFaults } from './faults/tail-faults.js'
import { timeFaults } from './faults/time-faults.js'

/** Every planted fault, with the cases that catch it. faults.md is the same list for people. */
export const FAULTS: Faults = {
  ...expectationFaults,
  ...commandFaults,
  ...foundCommandFaults,
  ...atomicityFaults,
  ...logFaults,
  ...checkpointFaults,
  ...tailFaults,
  ...streamFaults,
  ...limitFaults,
  ...nameFaults,
  ...timeFaults,
  ...payloadFaults,
  ...partitionKeyFaults,
  ...badInputFaults,
  ...immutabilityFaults,
  ...closingFaults,
}
