import { lmdbBench } from './lmdb-bench.js'
import type { StoreBench } from './log-ground.js'
import { memoryBench } from './memory-bench.js'

/** Every store that the bench can measure; a new one is one row. */
export const stores: Readonly<Record<string, StoreBench>> = {
  memory: memoryBench,
  lmdb: lmdbBench,
}
