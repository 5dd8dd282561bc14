export { eventStoreContract } from './contract/event-store-contract.js'
export type { ContractCase, EventStoreHarness, HarnessOptions } from './contract/harness.js'
export { scenario, type AggregateScenario } from './scenario/aggregate-scenario.js'
export { ScenarioFailedError } from './scenario/errors.js'
