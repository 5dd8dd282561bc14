import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hindcast, type App, type Position, type ReadModelsFactory } from '@hindcast/core'
import { storeOf, type Appended, type LogPlace } from './appending.js'
import { defectsOf } from './checker.js'
import { Counter, PROJECTIONS } from './counting.js'
import { found } from './found.js'

const PROGRAM = fileURLToPath(new URL('../dist/projections/appending-process.js', import.meta.url))
const FROZEN_MS = 150
const PATIENCE_MS = 120_000

/** Processes that append to one log at the same time, and an app that folds it meanwhile. */
export class Appenders implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'hindcast-appenders-'))
  readonly #log: LogPlace
  readonly #children: ChildProcess[] = []
  readonly #exits: Promise<unknown>[] = []
  readonly #acknowledged = new Map<string, number>()
  readonly #last: Position[] = []

  constructor(log: (folder: string) => LogPlace) {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: npm run build`)
    this.#log = log(join(this.folder, 'log'))
  }

  #fold(readModels: ReadModelsFactory): Promise<App> {
    return Hindcast.start({
      store: storeOf(this.#log, join(this.folder, 'folding')),
      readModels,
      aggregates: [Counter],
      projections: PROJECTIONS,
      run: 'workers',
      log: false,
    })
  }

  #start(processes: number, times: number): void {
    for (let i = 0; i < processes; i++) {
      const order = JSON.stringify({ log: this.#log, dataDir: join(this.folder, `index-${i}`), times })
      const child = fork(PROGRAM, [order], { execArgv: ['--no-warnings'] })
      child.on('message', message => this.#note(message as Appended))
      this.#children.push(child)
      this.#exits.push(once(child, 'exit'))
    }
  }

  /** True while one still appends. */
  get #areAppending(): boolean {
    return this.#children.some(child => child.exitCode === null)
  }

  /**
   * Appends from so many processes while an app folds, which is ended and started again meanwhile.
   *
   * @param meanwhile - called again and again
   * @returns what is wrong with the read models in the end
   */
  async trial(
    readModels: ReadModelsFactory,
    { processes, times }: { readonly processes: number; readonly times: number },
    meanwhile: () => Promise<void> = async () => undefined,
  ): Promise<readonly string[]> {
    this.#start(processes, times)
    while (this.#areAppending) {
      await using app = await this.#fold(readModels)
      await this.#freezeInTurn()
      await meanwhile()
      await app.stop()
    }
    await using app = await this.#fold(readModels)
    return await this.#defects(app)
  }

  /** Stops one after the other for a moment, in the middle of whatever it does, so that it commits late or is overtaken. */
  async #freezeInTurn(): Promise<void> {
    for (const child of this.#children) {
      child.kill('SIGSTOP')
      await new Promise(resolve => setTimeout(resolve, FROZEN_MS))
      child.kill('SIGCONT')
    }
  }

  /** Waits for the ends of all, and for the read models, and says what is wrong with them. */
  async #defects(app: App): Promise<readonly string[]> {
    await Promise.all(this.#exits)
    const failed = this.#children.filter(({ exitCode }) => exitCode !== 0)
    if (failed.length > 0) throw new Error(`${failed.length} processes could not append`)
    return defectsOf(this.#acknowledged, await found(app, this.#last, PATIENCE_MS))
  }

  /** How many events were acknowledged. */
  get events(): number {
    return [...this.#acknowledged.values()].reduce((sum, times) => sum + times, 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL')
    await Promise.all(this.#exits)
    rmSync(this.folder, { recursive: true })
  }

  #note({ counters }: Appended): void {
    for (const { id, times, last } of counters) {
      this.#acknowledged.set(id, (this.#acknowledged.get(id) ?? 0) + times)
      this.#last.push(last as Position)
    }
  }
}
