import { Latencies } from './latencies.js'

/** When a turn ends: after so many operations, or after so much time. */
export type Until = { readonly operations: number } | { readonly seconds: number }

/** What one turn came to. */
export interface Turn {
  readonly operations: number
  readonly elapsedMs: number
  /** Processor time of this process, all threads, in milliseconds: what neighbours on the machine change least. */
  readonly cpuMs: number
  /** Ascending. */
  readonly latencies: Float64Array
}

/**
 * Lets clients work side by side, each starting its next operation when its last one is done.
 *
 * @param operation - gets the number of the operation, unique in this turn
 */
export async function runClients(
  clients: number,
  until: Until,
  operation: (n: number) => Promise<unknown>,
): Promise<Turn> {
  const limit = 'operations' in until ? until.operations : Infinity
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  const deadline = 'seconds' in until ? started + until.seconds * 1000 : Infinity
  const latencies = new Latencies()
  let next = 0
  const client = async (): Promise<void> => {
    for (let since = performance.now(); next < limit && since < deadline;) {
      await operation(next++)
      const now = performance.now()
      latencies.add(now - since)
      since = now
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const elapsedMs = performance.now() - started
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    operations: latencies.count,
    elapsedMs,
    cpuMs: (user + system) / 1000,
    latencies: latencies.sorted(),
  }
}
