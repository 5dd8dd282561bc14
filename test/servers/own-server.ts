import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { freePorts } from './free-ports.js'

const run = promisify(execFile)
const VERSIONS = '/usr/lib/postgresql'

/** The folder of the server's programs; undefined where there are none. */
const programs = [
  ...(process.env['PATH'] ?? '').split(':'),
  ...(existsSync(VERSIONS) ? readdirSync(VERSIONS).map(version => join(VERSIONS, version, 'bin')) : []),
].find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))

/** The server does not run as root. */
function identity(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const user = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
    .find(([name]) => name === 'postgres')
  if (!user) throw new Error('a PostgreSQL server does not run as root, and there is no user postgres')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

/** A PostgreSQL server of a test's own, or of a run's; it can be away. */
export class OwnServer implements AsyncDisposable {
  /** Whether there are programs to make one with. */
  static readonly canBeMade = programs !== undefined

  readonly #folder: string
  readonly #port: number
  readonly #settings: Readonly<Record<string, string>>
  #guard: ChildProcess | undefined

  private constructor(folder: string, port: number, settings: Readonly<Record<string, string>>) {
    this.#folder = folder
    this.#port = port
    this.#settings = settings
  }

  /** Makes one, with settings of postgresql.conf; it does not run yet. */
  static async make(settings: Readonly<Record<string, string>> = { fsync: 'off' }): Promise<OwnServer> {
    const folder = mkdtempSync(join(tmpdir(), 'hindcast-server-'))
    const { uid, gid } = identity()
    if (uid !== undefined) chownSync(folder, uid, gid!)
    const [port] = await freePorts(1)
    const server = new OwnServer(folder, port!, settings)
    await server.#program('initdb', ['-D', server.#data, '-U', 'postgres', '-A', 'trust', '--no-sync'])
    return server
  }

  /** The address of its own database, for its superuser, who needs no password. */
  get url(): string {
    return this.urlFor('postgres')
  }

  urlFor(user: string, password = ''): string {
    return `postgres://${user}:${password}@127.0.0.1:${this.#port}/postgres`
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    await this.#control('start', ['-o', this.#options, '-l', join(this.#folder, 'log')])
    this.#guardIt()
  }

  /** Stops it as a crash would: without a word to anybody, and it has to recover. */
  async stop(): Promise<void> {
    this.#guard?.kill('SIGKILL')
    await this.#control('stop', ['-m', 'immediate'])
  }

  /** Crashes it and starts it again. */
  async restart(): Promise<void> {
    await this.#control('restart', ['-m', 'immediate', '-o', this.#options, '-l', join(this.#folder, 'log')])
    this.#guardIt()
  }

  /** Runs statements as its superuser. */
  async ask(statements: string): Promise<void> {
    const client = new Client({ connectionString: this.url })
    await client.connect()
    try {
      await client.query(statements)
    } finally {
      await client.end()
    }
  }

  /** Tables that are made from now on lie in a folder of their own. */
  async tablesOn(folder: string): Promise<void> {
    const { uid, gid } = identity()
    if (uid !== undefined) chownSync(folder, uid, gid!)
    await this.ask(`create tablespace small location '${folder}'`)
    await this.ask('alter role postgres set default_tablespace = small')
  }

  /** The file in which it says who needs a password. */
  get accessFile(): string {
    return join(this.#data, 'pg_hba.conf')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#guard?.kill('SIGKILL')
    if (existsSync(join(this.#data, 'postmaster.pid'))) await this.stop()
    rmSync(this.#folder, { recursive: true })
  }

  get #data(): string {
    return join(this.#folder, 'data')
  }

  get #options(): string {
    const settings = { unix_socket_directories: '', ...this.#settings }
    const given = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
    return `-p ${this.#port} -h 127.0.0.1 ${given.join(' ')}`
  }

  /** Ends the server when this process is gone, even if it was killed: the guard's input then ends. */
  #guardIt(): void {
    this.#guard?.kill('SIGKILL')
    const pidFile = join(this.#data, 'postmaster.pid')
    const [pid] = readFileSync(pidFile, 'utf8').split('\n')
    this.#guard = spawn('/bin/sh', ['-c', `read -r line; kill -9 ${pid}; /bin/rm -r "${this.#folder}"`], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
    this.#guard.unref()
  }

  async #control(action: string, args: readonly string[]): Promise<void> {
    await this.#program('pg_ctl', [action, '-D', this.#data, '-w', ...args])
  }

  async #program(name: string, args: readonly string[]): Promise<void> {
    await run(join(programs!, name), args, { ...identity(), cwd: this.#folder })
  }
}
