import type { App, BuildProgress, RebuildResult } from '@hindcast/core'
import { progressBar, type ProgressBar } from './progress-bar.js'
import { Delays, PatientDelays, type AirportRow } from './read-models.js'
import { whileReading } from './reader.js'

/** The day as of which tables are shown. */
export const FEBRUARY = new Date('2001-02-01T00:00:00Z')
const COPY = 'before_february'

/** What the swaps showed to readers. */
export interface Swapped {
  /** Late departures of the version before, of the other one, and of the version before again. */
  readonly late: readonly [number, number, number]
  /** How often somebody read meanwhile. */
  readonly reads: number
}

/** Replays the log into new tables of the same declarations, and compares before readers read them. */
export async function rebuildDelays(app: App): Promise<RebuildResult> {
  let bar: ProgressBar | undefined
  const onProgress = ({ events, totalEvents }: BuildProgress): void => {
    if (totalEvents === 0) return // it is not known yet how many there are
    bar ??= progressBar('records', totalEvents)
    bar.update(events)
  }
  try {
    return await app.readModels.rebuild(Delays, { onProgress })
  } finally {
    bar?.stop()
  }
}

/** Shows readers another version of the projection, and the first one again, while somebody reads all the time. */
export async function swapDelays(app: App): Promise<Swapped> {
  const late: [number, number, number] = [0, 0, 0]
  const reads = await whileReading(app, async read => {
    late[0] = await read()
    await app.readModels.rebuild(PatientDelays)
    late[1] = await read()
    await app.readModels.rollback(Delays, { to: 'delays_v1' })
    late[2] = await read()
  })
  return { late, reads }
}

/** The delays of the departures before February, in tables of their own. */
export async function delaysBeforeFebruary(app: App): Promise<readonly AirportRow[]> {
  const versions = await app.readModels.versions()
  if (!versions.some(({ schema }) => schema === COPY))
    await app.readModels.copy(Delays, { into: COPY, asOf: FEBRUARY })
  return app.view(Delays).query<AirportRow>(`select * from ${COPY}.delays`)
}
