import { kafkaBench } from './kafka-bench.js'
import { lmdbBench } from './lmdb-bench.js'
import type { StoreBench } from './log-ground.js'
import { memoryBench } from './memory-bench.js'

/** Every store that the bench can measure, in each way in which it is run; a new one is one row. */
export const stores: Readonly<Record<string, readonly StoreBench[]>> = {
  memory: [memoryBench],
  lmdb: [lmdbBench],
  kafka: [kafkaBench(1), kafkaBench(3)],
}
