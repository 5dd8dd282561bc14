import {
  projectionInfo,
  projectionNamed,
  ReadModelMissingError,
  type ParkedEvent,
  type Placed,
} from '@hindcast/core'
import picocolors from 'picocolors'
import { table } from '../../output/table.js'
import { open } from '../read-model/open.js'
import type { VerbContext } from '../verb.js'

/** A parked event and whose it is. */
export interface ListedEvent extends Placed<ParkedEvent> {
  /** The projection's name. */
  readonly projection: string
}

/**
 * Tells what is parked, of one projection or of all. Gives it.
 *
 * @throws ProjectionUnknownError with the nearest name
 */
export async function listParked(
  { config, output }: VerbContext,
  projection?: string,
): Promise<readonly ListedEvent[]> {
  const { projections = [] } = config
  const types = projection === undefined ? projections : [projectionNamed(projections, projection)]
  await using opened = await open(config)
  const listed: ListedEvent[] = []
  for (const type of types) {
    const { name } = projectionInfo(type)
    const events = await opened.runtime
      .parked(type)
      .list()
      .catch((error: unknown) => {
        if (projection !== undefined || !(error instanceof ReadModelMissingError)) throw error
        output.note(error.message)
        return []
      })
    for (const event of events) listed.push({ projection: name, ...event })
  }
  if (listed.length === 0) output.note('nothing is parked')
  else output.results(listed, () => parkedTable(listed))
  return listed
}

/** Parked events as a table for people. Those that only wait behind another say so. */
export function parkedTable(listed: readonly ListedEvent[]): string {
  return table(
    [
      { name: 'projection', cell: event => event.projection },
      { name: 'place', cell: placeOf },
      { name: 'stream', cell: event => `${event.stream} ${event.streamVersion}` },
      { name: 'type', cell: event => event.type },
      { name: 'keys', cell: event => event.keys.map(key => JSON.stringify(key)).join(' ') },
      { name: 'since', cell: event => event.parkedAt.toISOString() },
      { name: 'retries', cell: event => String(event.retries), align: 'right' },
      { name: 'why', cell: event => event.code },
    ],
    listed,
    ({ code, message }) => (code === 'HC_PARKED_BEHIND' ? undefined : picocolors.red(`    ${message}`)),
  )
}

/** Where a parked event is, as `parked show` takes it: partition, colon, offset. */
export function placeOf({ partition, offset }: Placed<ParkedEvent>): string {
  return `${partition}:${offset}`
}
