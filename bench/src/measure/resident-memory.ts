import { readFile } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const MIB = 1_048_576

/** The memory of this process, garbage collected first, in MiB. */
export interface ResidentMemory {
  readonly rssMiB: number
  /** Without mapped files; missing where the system does not tell. */
  readonly anonymousMiB?: number
}

/** Measures this process. */
export async function residentMemory(): Promise<ResidentMemory> {
  collectGarbage()
  const rssMiB = process.memoryUsage.rss() / MIB
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]
  return { rssMiB, ...(kib !== undefined && { anonymousMiB: Number(kib) / 1024 }) }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}
