import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { until } from '../projections/until.js'
import type { Kind } from './build.js'
import type { Executed, Health, Question, Said, ServiceOrder, Shown } from './protocol.js'

const PROGRAM = fileURLToPath(new URL('../dist/rolling/service-process.js', import.meta.url))

type Asked = Question extends infer Q ? (Q extends Question ? Omit<Q, 'number'> : never) : never

/** A running process of the service, of one of its builds. */
export class Service implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #exited: Promise<string | number | null>
  readonly #waiting = new Map<number, (answer: unknown) => void>()
  #hasStarted = false
  #hasEnded = false
  #numbers = 0
  #errors = ''

  constructor(order: ServiceOrder) {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: npm run build`)
    this.#child = fork(PROGRAM, [JSON.stringify(order)], {
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#errors += text))
    this.#child.on('message', (said: Said) => this.#hear(said))
    this.#exited = once(this.#child, 'exit').then(([code, signal]: (string | number | null)[]) => {
      this.#hasEnded = true
      for (const resolve of this.#waiting.values()) resolve(undefined)
      return signal ?? code ?? null
    })
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Resolves when it takes commands. */
  async started(): Promise<this> {
    await until('the service has started', () => {
      if (this.#hasEnded) throw new Error(`the service ended: ${this.#errors}`)
      return this.#hasStarted
    })
    return this
  }

  /** Undefined when it ended before it answered. */
  execute(kind: Kind, key: string, id: string): Promise<Executed | undefined> {
    return this.#ask({ ask: 'execute', kind, key, id }) as Promise<Executed | undefined>
  }

  /** What a stream is, as its aggregate has it. */
  show(aggregate: 'account' | 'jar', key: string): Promise<Shown> {
    return this.#ask({ ask: 'show', aggregate, key }) as Promise<Shown>
  }

  health(): Promise<Health> {
    return this.#ask({ ask: 'health' }) as Promise<Health>
  }

  /** Ends it. @throws Error when a signal that lets it end in good order did not. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#hasEnded) throw new Error(`the service had ended: ${this.#errors}`)
    this.#child.kill(signal)
    const ending = await this.#exited
    if (ending !== signal)
      throw new Error(`after ${signal} the service ended with ${ending}: ${this.#errors}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded) await this.end('SIGKILL')
  }

  #ask(question: Asked): Promise<unknown> {
    if (this.#hasEnded) return Promise.resolve(undefined)
    const number = this.#numbers++
    return new Promise(resolve => {
      this.#waiting.set(number, resolve)
      this.#child.send({ ...question, number } as Question, () => undefined)
    })
  }

  #hear(said: Said): void {
    if (said === 'started') {
      this.#hasStarted = true
      return
    }
    this.#waiting.get(said.number)?.(said.answer)
    this.#waiting.delete(said.number)
  }
}
