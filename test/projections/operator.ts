import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Operated, OperatorOrder } from './operator-order.js'
import { until } from './until.js'

const PROGRAM = fileURLToPath(new URL('../dist/projections/operator-process.js', import.meta.url))

/** A process that operates on the read models. */
export class Operator implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #exited: Promise<string | number | null>
  #said: Operated | undefined
  #errors = ''

  constructor(order: OperatorOrder) {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: npm run build`)
    this.#child = fork(PROGRAM, [JSON.stringify(order)], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#errors += text))
    this.#child.on('message', (message: Operated) => (this.#said = message))
    this.#exited = once(this.#child, 'exit').then(
      ([code, signal]: (string | number | null)[]) => signal ?? code ?? null,
    )
  }

  /** Resolves when it was killed by itself. */
  async killedItself(): Promise<void> {
    const ending = await this.#exited
    if (ending !== 'SIGKILL') throw new Error(`the operator ended with ${ending}: ${this.#errors}`)
  }

  /** Resolves when it has stopped itself. */
  frozeItself(): Promise<void> {
    return until('the operator is frozen', () => {
      if (this.#child.exitCode !== null) throw new Error(`the operator ended: ${this.#errors}`)
      const status = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8')
      return status.slice(status.lastIndexOf(')') + 2).startsWith('T')
    })
  }

  wake(): void {
    this.#child.kill('SIGCONT')
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  /** Waits for its end, and gives the code with which it failed; undefined when it did not. */
  async code(): Promise<string | undefined> {
    const ending = await this.#exited
    if (!this.#said) throw new Error(`the operator ended with ${ending}: ${this.#errors}`)
    return this.#said.code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill()
  }
}
