import type { App } from '@hindcast/core'
import { Delays } from './read-models.js'

/** What a reader finds in the stable table, whichever version it shows. */
const LATE = 'select sum(late)::integer as late, sum(departures)::integer as departures from read.delays'

interface Sums {
  readonly late: number
  readonly departures: number
}

/**
 * Does the work while somebody reads the stable table all the time.
 *
 * @returns how often it was read
 * @throws when a read fails, or when departures that were seen before are missing
 */
export async function whileReading(
  app: App,
  work: (late: () => Promise<number>) => Promise<void>,
): Promise<number> {
  let [reads, seen] = [0, 0]
  const read = async (): Promise<number> => {
    const [sums] = await app.view(Delays).query<Sums>(LATE)
    if (!sums || sums.departures < seen) throw new Error(`${sums?.departures} departures, ${seen} before`)
    seen = sums.departures
    reads++
    return sums.late
  }
  const done = new AbortController()
  const reading = (async () => {
    while (!done.signal.aborted) await read()
  })()
  try {
    await Promise.race([work(read), reading])
  } finally {
    done.abort()
    await reading
  }
  return reads
}
