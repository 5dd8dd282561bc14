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
 * @param operation - gets the number of the operation, unique in this turn; when the turn ends, all from 0 on are done
 */
export async function runClients(
  clients: number,
  until: Until,
  operation: (n: number) => Promise<unknown>,
): Promise<Turn> {
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  const load = new Load(until, started, operation)
  await Promise.all(Array.from({ length: clients }, () => new Client(load).done))
  const elapsedMs = performance.now() - started
  const { user, system } = process.cpuUsage(cpuBefore)
  const { latencies } = load
  return {
    operations: latencies.count,
    elapsedMs,
    cpuMs: (user + system) / 1000,
    latencies: latencies.sorted(),
  }
}

/** What the clients of a turn share. */
class Load {
  readonly latencies = new Latencies()
  readonly #limit: number
  readonly #deadline: number
  #next = 0

  constructor(
    until: Until,
    started: number,
    readonly operation: (n: number) => Promise<unknown>,
  ) {
    this.#limit = 'operations' in until ? until.operations : Infinity
    this.#deadline = 'seconds' in until ? started + until.seconds * 1000 : Infinity
  }

  /** The number of the next operation; -1 when there is none. */
  next(now: number): number {
    return this.#next < this.#limit && now < this.#deadline ? this.#next++ : -1
  }
}

/**
 * One client. All that it needs is made with it: with thousands of them, a loop with `await` would leave more to the garbage
 * collector than what is measured.
 */
class Client {
  /** Resolves when there is nothing left to do; rejects with what an operation rejects with. */
  readonly done: Promise<void>
  readonly #load: Load
  #since = performance.now()
  #resolve!: () => void
  #reject!: (reason: unknown) => void

  constructor(load: Load) {
    this.#load = load
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#start()
  }

  #start(): void {
    const n = this.#load.next(this.#since)
    if (n < 0) this.#resolve()
    else this.#load.operation(n).then(this.#answered, this.#reject)
  }

  readonly #answered = (): void => {
    const now = performance.now()
    this.#load.latencies.add(now - this.#since)
    this.#since = now
    this.#start()
  }
}
