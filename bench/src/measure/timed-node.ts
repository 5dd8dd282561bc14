import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What a process of Node took. */
export interface NodeRun {
  /** From its start until it was gone. */
  readonly elapsedMs: number
  /** Processor time of all its threads. */
  readonly cpuMs: number
}

/** Runs at the end of the process, on a channel of its own. */
const TELL = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,JSON.stringify(process.cpuUsage())))`

/** Runs Node to its end. @throws Error when it ends with something else than 0 */
export async function timedNode(...args: readonly string[]): Promise<NodeRun> {
  const since = performance.now()
  const child = spawn(process.execPath, ['--import', TELL, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  })
  let told = ''
  child.stdio[3]!.on('data', (text: Buffer) => (told += String(text)))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`)
  const { user, system } = JSON.parse(told) as NodeJS.CpuUsage
  return { elapsedMs: performance.now() - since, cpuMs: (user + system) / 1_000 }
}
