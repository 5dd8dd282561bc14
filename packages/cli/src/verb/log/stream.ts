import { streamHistory, type HistoryStep } from '@hindcast/core'
import picocolors from 'picocolors'
import { shown } from '../../output/output.js'
import { openLog } from './open-log.js'
import type { VerbContext } from '../verb.js'

/** What to show of a stream. */
export interface StreamOptions {
  /** Also the aggregate's state after each event. Default false. */
  readonly states?: boolean
}

/** Shows the events of one stream. Gives the number of events shown. */
export async function showStream(
  { config, output, signal }: VerbContext,
  stream: string,
  { states = false }: StreamOptions = {},
): Promise<number> {
  await using log = await openLog(config)
  let events = 0
  for await (const step of streamHistory(log, stream)) {
    if (signal.aborted) break
    events++
    const { event, meta, state } = step
    output.result({ meta, event, ...(states && { state }) }, () => textOf(step, states))
  }
  if (events === 0) output.note(`stream "${stream}" has no events`)
  return events
}

function textOf({ event, meta, state }: HistoryStep, states: boolean): string {
  const line = `${picocolors.bold(String(meta.version).padStart(4))}  ${picocolors.dim(meta.time.toISOString())}  ${meta.type}  ${shown(event)}`
  return states ? `${line}\n${' '.repeat(6)}${picocolors.green('=')} ${shown(state)}` : line
}
