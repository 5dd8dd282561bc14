import {
  projectionInfo,
  projectionNamed,
  type ParkedAnswer,
  type ParkedEvent,
  type ParkedEvents,
  type Placed,
  type ProjectionHealth,
} from '@hindcast/core'
import { open } from '../read-model/open.js'
import type { VerbContext } from '../verb.js'
import { ParkedUnknownError } from './errors.js'
import { placeOf } from './list.js'

const DEFAULT_TIMEOUT_MS = 10_000

/** How a request is made. */
export interface MendOptions {
  /** How long to wait for the owners of the partitions, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number
}

/** How events are dropped. */
export interface DropOptions extends MendOptions {
  /** Why, kept with what is dropped. */
  readonly reason: string
  /** Does not ask first. Default false. */
  readonly yes?: boolean
}

/**
 * Asks the owners of the partitions to fold parked events again. Gives what became of it.
 *
 * @param keys - none: all that are parked
 * @throws ProjectionUnknownError, ParkedUnknownError when nothing is parked of these keys
 */
export async function retryParked(
  context: VerbContext,
  projection: string,
  keys: readonly string[],
  options: MendOptions = {},
): Promise<ParkedAnswer> {
  return mend(context, projection, keys, options, (parked, _, timeoutMs) => parked.retry(keys, { timeoutMs }))
}

/**
 * Asks the owners of the partitions to leave out the first parked event of each key for good, and to fold the rest. Gives what
 * became of it.
 *
 * @throws ProjectionUnknownError, ParkedUnknownError, NotConfirmedError, ParkedRequestError without a key or a reason
 */
export async function dropParked(
  context: VerbContext,
  projection: string,
  keys: readonly string[],
  { reason, yes = false, ...options }: DropOptions,
): Promise<ParkedAnswer> {
  return mend(context, projection, keys, options, async (parked, about, timeoutMs) => {
    const first = new Set(keys.flatMap(key => about.find(event => event.keys.includes(key)) ?? []))
    if (!yes) await context.confirm(whatIsDropped(projection, [...first]))
    return parked.drop(keys, reason, { timeoutMs })
  })
}

async function mend(
  { config, output }: VerbContext,
  projection: string,
  keys: readonly string[],
  { timeoutMs = DEFAULT_TIMEOUT_MS }: MendOptions,
  ask: (
    parked: ParkedEvents,
    about: readonly Placed<ParkedEvent>[],
    timeoutMs: number,
  ) => Promise<ParkedAnswer>,
): Promise<ParkedAnswer> {
  const type = projectionNamed(config.projections ?? [], projection)
  const { name } = projectionInfo(type)
  await using opened = await open(config)
  const parked = opened.runtime.parked(type)
  const all = await parked.list()
  const about = all.filter(event => keys.length === 0 || event.keys.some(key => keys.includes(key)))
  if (about.length === 0)
    throw new ParkedUnknownError(name, keys.length === 0 ? 'at all' : `of key ${quoted(keys)}`)
  const orphans = withoutOwner(about, await opened.runtime.health(), name)
  for (const orphan of orphans) output.note(orphan)
  const answer = await ask(parked, about, orphans.length > 0 ? 0 : timeoutMs)
  output.result(answer, () => answerText(answer))
  return answer
}

/** What stands about each partition in which nobody is there to do what is asked, a sentence each. */
function withoutOwner(
  about: readonly Placed<ParkedEvent>[],
  health: readonly ProjectionHealth[],
  name: string,
): readonly string[] {
  const concerned = health.filter(
    ({ projection, log, partition }) =>
      projection === name && about.some(event => event.log === log && event.partition === partition),
  )
  return concerned
    .filter(({ state }) => state === 'unowned' || state === 'silent')
    .map(
      ({ partition, state, owner }) =>
        `partition ${partition} has no living owner${owner === undefined ? '' : ` (${owner} is ${state})`}: ` +
        'what is asked will be done when an app with workers runs again',
    )
}

function whatIsDropped(projection: string, events: readonly Placed<ParkedEvent>[]): string {
  const lines = events.map(
    event => `  ${placeOf(event)}  ${event.stream} ${event.streamVersion}  ${event.type}`,
  )
  return `Projection "${projection}" leaves out for good, with a record of it:\n${lines.join('\n')}\nWhat waits behind is then folded.`
}

function answerText({ folded, dropped, parked, error, open: unanswered }: ParkedAnswer): string {
  const lines = [`folded ${folded}, dropped ${dropped}, still parked ${parked}`]
  if (error) lines.push(`the first of them because of ${error.code} ${error.message}`)
  if (unanswered.length > 0)
    lines.push(
      `asked, and not answered yet: partition ${unanswered.map(({ partition }) => partition).join(', ')}; its owner does it when it works again`,
    )
  return lines.join('\n')
}

function quoted(keys: readonly string[]): string {
  return keys.map(key => JSON.stringify(key)).join(' or ')
}
