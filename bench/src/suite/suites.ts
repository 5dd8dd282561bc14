import { appendLatency } from './append-latency.js'
import { appendThroughput } from './append-throughput.js'
import { coldStart } from './cold-start.js'
import { contention } from './contention.js'
import { rebuild } from './rebuild.js'
import { rehydrate } from './rehydrate.js'
import { tailLatency } from './tail-latency.js'
import type { Suite } from './suite.js'

/** Every suite, in the order in which `all` runs them. */
export const suites: readonly Suite[] = [
  appendLatency,
  appendThroughput,
  rehydrate,
  contention,
  coldStart,
  rebuild,
  tailLatency,
]
