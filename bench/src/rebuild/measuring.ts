import { readFileSync } from 'node:fs'

const MIB = 1_048_576
const EVERY_MS = 50

/** What one replay of a log came to. */
export interface Replay {
  readonly events: number
  readonly elapsedMs: number
  /** Processor time of this process, all threads. */
  readonly cpuMs: number
  /** The most resident memory that was seen. */
  readonly rssMiB: number
  /** The most of it that belongs to the process, without mapped files; missing where the system does not tell. */
  readonly anonymousMiB?: number
}

/** Measures what happens between two moments. */
export async function measuring(events: number, begin: Promise<void>, end: Promise<void>): Promise<Replay> {
  await begin
  let rssMiB = 0
  let anonymousMiB: number | undefined
  const look = (): void => {
    rssMiB = Math.max(rssMiB, process.memoryUsage.rss() / MIB)
    const own = ownMiB()
    if (own !== undefined) anonymousMiB = Math.max(anonymousMiB ?? 0, own)
  }
  const cpuBefore = process.cpuUsage()
  const since = performance.now()
  const timer = setInterval(look, EVERY_MS)
  await end
  const elapsedMs = performance.now() - since
  const { user, system } = process.cpuUsage(cpuBefore)
  clearInterval(timer)
  look()
  return {
    events,
    elapsedMs,
    cpuMs: (user + system) / 1000,
    rssMiB,
    ...(anonymousMiB !== undefined && { anonymousMiB }),
  }
}

function ownMiB(): number | undefined {
  try {
    const kib = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return kib === undefined ? undefined : Number(kib) / 1024
  } catch {
    return undefined
  }
}
