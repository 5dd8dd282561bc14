import {
  projectionInfo,
  projectionNamed,
  type ParkedEvent,
  type Placed,
  type TailedEvent,
} from '@hindcast/core'
import picocolors from 'picocolors'
import { parsed, shown } from '../../output/output.js'
import { open } from '../read-model/open.js'
import type { VerbContext } from '../verb.js'
import { ParkedUnknownError } from './errors.js'
import { placeOf } from './list.js'

/**
 * Tells everything about one parked event: why it is parked, what it says in the log, what today's code makes of it, and how
 * many others wait behind it.
 *
 * @param place - partition, colon, offset, as `parked list` tells it; in front the log and a slash where several are read
 * @throws ProjectionUnknownError, ParkedUnknownError
 */
export async function showParked(
  { config, output }: VerbContext,
  projection: string,
  place: string,
): Promise<void> {
  const type = projectionNamed(config.projections ?? [], projection)
  const { name, version } = projectionInfo(type)
  await using opened = await open(config)
  const all = await opened.runtime.parked(type).list()
  const found = all.find(event => [placeOf(event), `${event.log}/${placeOf(event)}`].includes(place))
  if (!found) throw new ParkedUnknownError(name, `at ${place}`)
  const behind = all.filter(each => isBehind(each, found)).length
  const tailed = await opened.eventAt(found)
  const recorded = tailed && { ...tailed.recorded, data: parsed(tailed.recorded.data) }
  const problem = tailed?.problem && { code: tailed.problem.code, message: tailed.problem.message }
  output.result({ projection: name, version, ...found, behind, recorded, ...(problem && { problem }) }, () =>
    textOf(found, behind, tailed),
  )
}

function isBehind(event: Placed<ParkedEvent>, first: Placed<ParkedEvent>): boolean {
  const samePlace = event.log === first.log && event.partition === first.partition
  return samePlace && event.offset > first.offset && event.keys.some(key => first.keys.includes(key))
}

function textOf(event: Placed<ParkedEvent>, behind: number, tailed: TailedEvent | undefined): string {
  const { stream, streamVersion, type, keys, code, message, parkedAt, retries } = event
  const lines = [
    `${picocolors.bold(`${stream} ${streamVersion}`)}  ${type}  at ${placeOf(event)} of log ${event.log}`,
    `why      ${picocolors.red(`${code} ${message}`)}`,
    `keys     ${keys.map(key => JSON.stringify(key)).join(' ')}`,
    `since    ${parkedAt.toISOString()}, tried again ${retries} ${retries === 1 ? 'time' : 'times'}`,
    `behind   ${behind} later ${behind === 1 ? 'event' : 'events'} of these keys`,
    ...(tailed ? eventLines(tailed) : ['event    the log has it no longer']),
  ]
  return lines.join('\n')
}

function eventLines({ recorded, decoded, problem }: TailedEvent): readonly string[] {
  const { time, commandId, data } = recorded
  const today = problem
    ? picocolors.red(`${problem.code} ${problem.message}`)
    : decoded.map(({ event }) => shown(event)).join(' ')
  return [
    `time     ${new Date(time).toISOString()}`,
    `command  ${commandId}`,
    `data     ${data}`,
    `today    ${today}`,
  ]
}
