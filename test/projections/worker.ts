import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { until } from './until.js'
import type { WorkerMessage, WorkerOrder } from './worker-order.js'

const PROGRAM = fileURLToPath(new URL('../dist/projections/worker-process.js', import.meta.url))

/** A process that folds projections. */
export class Worker implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #exited: Promise<string | number | null>
  readonly #messages: WorkerMessage[] = []
  #errors = ''

  constructor(order: WorkerOrder) {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: npm run build`)
    this.#child = fork(PROGRAM, [JSON.stringify(order)], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#errors += text))
    this.#child.on('message', (message: WorkerMessage) => this.#messages.push(message))
    this.#exited = once(this.#child, 'exit').then(
      ([code, signal]: (string | number | null)[]) => signal ?? code ?? null,
    )
  }

  /** Resolves when it works. */
  started(): Promise<void> {
    return until('the worker has started', () => {
      if (this.#child.exitCode !== null) throw new Error(`the worker ended: ${this.#errors}`)
      return this.#hasSaid('started')
    })
  }

  /** Whether it has committed a transaction. */
  get hasFolded(): boolean {
    return this.#hasSaid('folded')
  }

  /** Resolves when it was killed by itself. */
  async killedItself(): Promise<void> {
    const ending = await this.#exited
    if (ending !== 'SIGKILL') throw new Error(`the worker ended with ${ending}: ${this.#errors}`)
  }

  /** Resolves when it has stopped itself. */
  frozeItself(): Promise<void> {
    return until('the worker is frozen', () => {
      const status = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8')
      return status.slice(status.lastIndexOf(')') + 2).startsWith('T')
    })
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Stops it in the middle of whatever it does, as a virtual machine that is paused. */
  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  wake(): void {
    this.#child.kill('SIGCONT')
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  /** Ends it in good order, and says how many transactions it committed. */
  async end(): Promise<number> {
    this.#child.send('end')
    const ending = await this.#exited
    const last = this.#messages.at(-1)
    if (last?.said !== 'ended') throw new Error(`the worker ended with ${ending}: ${this.#errors}`)
    return last.committed
  }

  #hasSaid(what: WorkerMessage['said']): boolean {
    return this.#messages.some(({ said }) => said === what)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill()
  }
}
