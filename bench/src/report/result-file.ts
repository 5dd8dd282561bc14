import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { machine } from './machine.js'
import type { ResultLine } from './result-line.js'

const RESULTS = fileURLToPath(new URL('../../results/', import.meta.url))

/** Writes what a suite found to `<folder>/<suite>-<store>.json`. @returns the file's path */
export async function writeResults(
  folder: string = RESULTS,
  suite: string,
  store: string,
  warning: string | undefined,
  lines: readonly ResultLine[],
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${suite}-${store}.json`)
  const content = { suite, store, machine: machine(), measuredAt: new Date().toISOString(), warning, lines }
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`)
  return path
}
