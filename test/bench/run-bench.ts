import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../bench/dist/main.js', import.meta.url))

/** What a run of the bench came to. */
export interface Ended {
  readonly code: number | string | null | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs the bench in a process of its own. */
export function runBench(...args: readonly string[]): Promise<Ended> {
  return new Promise(resolve => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr })
    })
  })
}

/** The JSON lines of an output. */
export function linesOf(stdout: string): Record<string, unknown>[] {
  return stdout.trimEnd().split('\n').map(parse)
}

/** A JSON object. */
export function parse(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>
}
