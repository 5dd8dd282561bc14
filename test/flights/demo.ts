import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../examples/flights/dist/main.js', import.meta.url))

/** A run of the demo. */
export interface DemoRun {
  readonly child: ChildProcess
  /** What it printed, when it has ended; without what differs from run to run, figures and where things are. */
  readonly printed: Promise<string>
}

/** What the demo prints, without what differs from run to run: times, rates and how often something was read. */
export function withoutFigures(printed: string): string {
  return printed
    .replaceAll(/[\d.]+ s\b/g, '# s')
    .replaceAll(/\(\d+ commands\/s\)/g, '(# commands/s)')
    .replaceAll(/read \d+ times/g, 'read # times')
}

/** Starts the demo. */
export function startDemo(data: string, ...args: string[]): DemoRun {
  const child = spawn(process.execPath, [PROGRAM, '--data', data, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = (async () => {
    let [text, complaints] = ['', '']
    child.stdout.setEncoding('utf8').on('data', chunk => (text += chunk as string))
    child.stderr.setEncoding('utf8').on('data', chunk => (complaints += chunk as string))
    await once(child, 'close')
    if (child.exitCode !== 0 && child.signalCode === null) throw new Error(complaints)
    return withoutFigures(text)
      .replace(/the log is in .*/, 'the log is there')
      .replaceAll(data, 'data')
  })()
  return { child, printed }
}

/** Runs the demo to its end. */
export async function demo(data: string, ...args: string[]): Promise<string> {
  return startDemo(data, ...args).printed
}

/** Waits until the log of a running demo has so many bytes. */
export async function logHas(bytes: number, data: string, { child }: DemoRun): Promise<void> {
  const file = join(data, 'log', 'data.mdb')
  const size = (): Promise<number> =>
    stat(file).then(
      found => found.size,
      () => 0,
    )
  while ((await size()) < bytes && child.exitCode === null) await new Promise(setImmediate)
}
