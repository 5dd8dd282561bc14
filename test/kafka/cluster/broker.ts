import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How a broker process is started. */
export interface BrokerPlan {
  readonly node: number
  /** For its data, which a restart finds again. */
  readonly folder: string
  readonly jars: string
  readonly clusterId: string
  /** server.properties. */
  readonly properties: Readonly<Record<string, string>>
  readonly javaOptions: readonly string[]
}

const STARTED = 'Kafka Server started'
/** It takes 2 s; a machine that is busy with other tests may take long. */
const START_MS = 120_000
const KEPT_LINES = 200

/** A broker of a cluster: a Java process that is started, killed and frozen by its pid. */
export class Broker {
  private process: ChildProcess | undefined
  private readonly lines: string[] = []

  constructor(private readonly plan: BrokerPlan) {
    mkdirSync(plan.folder, { recursive: true })
    format(plan)
  }

  /** Its number in the cluster. */
  get node(): number {
    return this.plan.node
  }

  /** The last lines of its log. */
  get log(): string {
    return this.lines.join('')
  }

  /** Starts it, on the data that it left. Resolves when it serves. */
  async start(): Promise<void> {
    const { jars, javaOptions, folder } = this.plan
    const child = spawn(
      'java',
      [...javaOptions, '-cp', join(jars, '*'), 'kafka.Kafka', join(folder, 'server.properties')],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.process = child
    if (child.pid !== undefined) guard(child, child.pid)
    await this.untilStarted(child)
  }

  /** Sends it a signal; a kill resolves when it is gone. */
  async signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const child = this.process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ends = signal === 'SIGKILL' || signal === 'SIGTERM'
    const gone = ends ? once(child, 'exit') : undefined
    child.kill(signal)
    await gone
  }

  private async untilStarted(child: ChildProcess): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string): void =>
        reject(new Error(`broker ${this.node} did not start: ${reason}\n${this.log}`))
      const timer = setTimeout(() => fail(`not within ${START_MS} ms`), START_MS)
      const hear = (chunk: Buffer): void => {
        this.lines.push(chunk.toString())
        if (this.lines.length > KEPT_LINES) this.lines.shift()
        if (this.lines.slice(-2).join('').includes(STARTED)) {
          clearTimeout(timer)
          resolve()
        }
      }
      child.stdout!.on('data', hear)
      child.stderr!.on('data', hear)
      child.once('error', error => fail(error.message))
      child.once('exit', code => fail(`it ended with ${code}`))
    })
  }
}

/** Kills a process when this one is gone, even if it was killed itself: the guard's input then ends. */
function guard(child: ChildProcess, pid: number): void {
  const watcher = spawn('sh', ['-c', `read -r line; kill -9 ${pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C is for the test run, which then ends.
    detached: true,
  })
  watcher.unref()
  child.once('exit', () => watcher.kill('SIGKILL'))
}

/** What `kafka-storage.sh format` writes that matters, without a second Java process. */
function format({ folder, node, clusterId, properties }: BrokerPlan): void {
  const lines = Object.entries({ ...properties, 'log.dirs': join(folder, 'data') })
  writeFileSync(join(folder, 'server.properties'), lines.map(([k, v]) => `${k}=${v}\n`).join(''))
  mkdirSync(join(folder, 'data'), { recursive: true })
  writeFileSync(
    join(folder, 'data', 'meta.properties'),
    `version=1\ncluster.id=${clusterId}\nnode.id=${node}\ndirectory.id=${randomBytes(16).toString('base64url')}\n`,
  )
}
