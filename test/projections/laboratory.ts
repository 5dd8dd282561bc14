import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Hindcast,
  projectionNamed,
  type App,
  type Position,
  type ReadModelOperations,
  type RebuildOptions,
  type RebuildResult,
} from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { postgres, RebuildRunningError } from '@hindcast/projections'
import { defectsOf } from './checker.js'
import { Count, Counter, PROJECTIONS } from './counting.js'
import { found } from './found.js'
import { OwnDatabase } from '../servers/own-database.js'
import { Operator } from './operator.js'
import type { OperatorOrder } from './operator-order.js'
import { until } from './until.js'
import { Worker } from './worker.js'
import type { WorkerOrder } from './worker-order.js'

const COUNTERS = ['a', 'b', 'c', 'd', 'e']
const PATIENCE_MS = 120_000

/** A log and a PostgreSQL database of its own, an app that writes and reads, and processes that fold. */
export class Laboratory implements AsyncDisposable {
  readonly #database: OwnDatabase
  readonly #folder: string
  readonly #app: App
  readonly #workers: AsyncDisposable[] = []
  readonly #acknowledged = new Map<string, number>()
  readonly #last = new Map<string, Position>()

  private constructor(database: OwnDatabase, folder: string, app: App) {
    this.#database = database
    this.#folder = folder
    this.#app = app
  }

  static async open(server: string): Promise<Laboratory> {
    const database = await OwnDatabase.make(server)
    const folder = mkdtempSync(join(tmpdir(), 'hindcast-crash-'))
    const app = await Hindcast.start({
      store: lmdb(folder, { partitions: 4 }),
      readModels: postgres(database.url),
      aggregates: [Counter],
      projections: PROJECTIONS,
      run: 'commands',
      log: false,
    })
    return new Laboratory(database, folder, app)
  }

  /** Starts a process that folds. */
  worker(order: Pick<WorkerOrder, 'partitions' | 'trap'>): Worker {
    const worker = new Worker({ log: this.#folder, url: this.#database.url, ...order })
    this.#workers.push(worker)
    return worker
  }

  /** Starts a process that operates on the read models. */
  operator(order: Omit<OperatorOrder, 'log' | 'url'>): Operator {
    const operator = new Operator({ log: this.#folder, url: this.#database.url, ...order })
    this.#workers.push(operator)
    return operator
  }

  /** The class of a projection. */
  projection(name: string): new () => object {
    return projectionNamed(PROJECTIONS, name) as new () => object
  }

  /** Rebuilds a projection in this process, as soon as no other one does. */
  rebuild(projection: string, options: RebuildOptions = {}): Promise<RebuildResult> {
    return this.operate(operations => operations.rebuild(this.projection(projection), options))
  }

  /** Operates on the read models in this process, as soon as no other one works on the same. */
  async operate<T>(work: (operations: ReadModelOperations) => Promise<T>): Promise<T> {
    let result: { readonly of: T } | undefined
    await until('nobody else works on it', async () => {
      try {
        result = { of: await work(this.#app.readModels) }
        return true
      } catch (error) {
        if (error instanceof RebuildRunningError) return false
        throw error
      }
    })
    return result!.of
  }

  /** Runs a statement on the database. */
  ask(statement: string): Promise<readonly Record<string, unknown>[]> {
    return this.#database.ask(statement)
  }

  get url(): string {
    return this.#database.url
  }

  /** Counts so often, one command after the other, on all counters in turn. */
  async count(times: number, between: () => Promise<void> = async () => undefined): Promise<void> {
    for (let i = 0; i < times; i++) {
      const counter = COUNTERS[this.events % COUNTERS.length]!
      const { position } = await this.#app.execute(counter, Count.of({}))
      this.#acknowledged.set(counter, (this.#acknowledged.get(counter) ?? 0) + 1)
      this.#last.set(counter, position)
      await between()
    }
  }

  /** How many events were acknowledged. */
  get events(): number {
    return [...this.#acknowledged.values()].reduce((sum, times) => sum + times, 0)
  }

  /** Waits until the read models have come to the last event, and says what is wrong with them. */
  async defects(): Promise<readonly string[]> {
    return defectsOf(this.#acknowledged, await found(this.#app, this.#last.values(), PATIENCE_MS))
  }

  /** The process ids of those that own partitions, by what they report of themselves; none where one is unowned or silent. */
  async owners(): Promise<readonly number[]> {
    const { projections } = await this.#app.health()
    if (projections.some(({ state }) => state !== 'live' && state !== 'catching-up')) return []
    const pids = projections.map(({ owner }) => Number(owner!.slice(owner!.lastIndexOf(':') + 1)))
    return [...new Set(pids)].toSorted((a, b) => a - b)
  }

  /** Ends every session on the database, and says how many those were. */
  endSessions(): Promise<number> {
    return this.#database.endSessions()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.#workers) await worker[Symbol.asyncDispose]()
    await this.#app[Symbol.asyncDispose]()
    rmSync(this.#folder, { recursive: true })
    await this.#database[Symbol.asyncDispose]()
  }
}
