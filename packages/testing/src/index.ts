export { eventStoreContract } from './contract/event-store-contract.js'
export type { ContractCase, EventStoreHarness, HarnessOptions } from './contract/harness.js'
