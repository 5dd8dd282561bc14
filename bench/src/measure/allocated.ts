import { GCProfiler, getHeapStatistics } from 'node:v8'

/** Counts the bytes that JavaScript allocates: what the heap grew by, and what garbage collections took away meanwhile. */
export class Allocated {
  readonly #profiler = new GCProfiler()
  readonly #before = getHeapStatistics().used_heap_size

  constructor() {
    this.#profiler.start()
  }

  /** Ends the counting. @returns bytes */
  stop(): number {
    const { statistics } = this.#profiler.stop()
    let bytes = getHeapStatistics().used_heap_size - this.#before
    for (const { beforeGC, afterGC } of statistics)
      bytes += beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize
    return bytes
  }
}
