import { appendLatency } from './append-latency.js'
import { appendThroughput } from './append-throughput.js'
import { commandLine } from './command-line.js'
import { commandPath } from './command-path.js'
import { coldStart } from './cold-start.js'
import { contention } from './contention.js'
import { rebuild } from './rebuild.js'
import { rehydrate } from './rehydrate.js'
import { tailLatency } from './tail-latency.js'
import { verify } from './verify.js'
import type { Suite } from './suite.js'

/** Every suite, in the order in which `all` runs them. */
export const suites: readonly Suite[] = [
  commandPath,
  appendLatency,
  appendThroughput,
  rehydrate,
  contention,
  coldStart,
  rebuild,
  tailLatency,
  verify,
  commandLine,
]
