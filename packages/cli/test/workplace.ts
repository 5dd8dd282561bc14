import { access, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { Hindcast, type App, type StartOptions } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { Counter } from './app/counter.js'
import { AtTerminal } from './terminal.js'

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url))
const top = fileURLToPath(new URL('../../../.cache/', import.meta.url))

const CONFIG = `
import { lmdb } from '@hindcast/lmdb-store'
import { defineConfig } from 'hindcast'
import { Counter } from './counter.js'

export default defineConfig({ store: lmdb('./data/log'), aggregates: [Counter] })
`

/** What a finished command said. */
export interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder with an app in it, inside the checkout, so that packages are found. */
export class Workplace implements AsyncDisposable {
  readonly #children = new Set<ChildProcess>()
  private constructor(readonly folder: string) {}

  static async make(config = CONFIG): Promise<Workplace> {
    await mkdir(top, { recursive: true })
    const folder = await mkdtemp(join(top, 'cli-'))
    await cp(fileURLToPath(new URL('app', import.meta.url)), folder, { recursive: true })
    await writeFile(join(folder, 'hindcast.config.ts'), config)
    return new Workplace(folder)
  }

  write(file: string, text: string): Promise<void> {
    return writeFile(join(this.folder, file), text)
  }

  has(file: string): Promise<boolean> {
    return access(join(this.folder, file)).then(
      () => true,
      () => false,
    )
  }

  /** The app of the folder, in this process. */
  app(options: Partial<StartOptions> = {}): Promise<App> {
    const store = lmdb(join(this.folder, 'data/log'), { partitions: 2 })
    return Hindcast.start({ store, aggregates: [Counter], log: false, ...options })
  }

  /** Runs the command to its end. */
  async hindcast(...args: readonly string[]): Promise<Said> {
    return (await this.start(...args)).ended
  }

  /** Runs the command to its end, in an environment with more in it. */
  async hindcastWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Said> {
    return this.startWith(env, ...args).ended
  }

  /** Starts the command. */
  async start(...args: readonly string[]): Promise<Running> {
    return this.startWith({}, ...args)
  }

  /** Starts the command, in an environment with more in it. */
  startWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Running {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...env },
    })
    this.#children.add(child)
    return new Running(child)
  }

  /** Starts the command on a terminal. */
  atTerminal(
    { columns, env = {} }: { readonly columns: number; readonly env?: Readonly<Record<string, string>> },
    ...args: readonly string[]
  ): AtTerminal {
    const more = { ...process.env, NO_COLOR: '1', ...env }
    const terminal = new AtTerminal([process.execPath, bin, ...args], {
      cwd: this.folder,
      env: more,
      columns,
    })
    this.#children.add(terminal.child)
    return terminal
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) if (child.exitCode === null) child.kill('SIGKILL')
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** A command under way. */
export class Running {
  readonly ended: Promise<Said>
  #stdout = ''
  #stderr = ''
  #wake = (): void => undefined

  constructor(readonly child: ChildProcess) {
    child.stdout!.on('data', chunk => ((this.#stdout += String(chunk)), this.#wake()))
    child.stderr!.on('data', chunk => ((this.#stderr += String(chunk)), this.#wake()))
    this.ended = new Promise(resolve =>
      child.once('close', code => {
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr })
        this.#wake()
      }),
    )
  }

  /** Until it has printed this, on either stream. */
  async printed(text: string): Promise<void> {
    while (!(this.#stdout + this.#stderr).includes(text)) {
      if (this.child.exitCode !== null)
        throw new Error(`ended without "${text}": ${this.#stdout}${this.#stderr}`)
      await new Promise<void>(resolve => (this.#wake = resolve))
    }
  }
}
