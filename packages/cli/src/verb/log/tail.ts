import { tailLog, type TailedEvent } from '@hindcast/core'
import picocolors from 'picocolors'
import { parsed, shown } from '../../output/output.js'
import { openLog } from './open-log.js'
import type { VerbContext } from '../verb.js'

/** What to follow. */
export interface TailVerbOptions {
  /** Begins with the first event of the log. Default false: what comes from now on. */
  readonly fromBeginning?: boolean
  /** Goes on at the end and waits. Default true. */
  readonly follow?: boolean
  /** Only events with this recorded name. Default: all. */
  readonly type?: string
}

/** Shows the events of the log as they come. Gives the number of events shown. */
export async function tail(
  { config, output, signal }: VerbContext,
  { fromBeginning = false, follow = true, type }: TailVerbOptions = {},
): Promise<number> {
  await using log = await openLog(config)
  const from = fromBeginning || !follow ? ({ from: 'beginning' } as const) : {}
  let events = 0
  for await (const tailed of tailLog(log, { ...from, live: follow, signal })) {
    if (type !== undefined && tailed.recorded.type !== type) continue
    events++
    output.result(recordOf(tailed), () => textOf(tailed))
  }
  return events
}

function recordOf({ recorded, problem }: TailedEvent): object {
  const { id, type, schemaVersion, stream, version, partition, offset, time, commandId, metadata } = recorded
  return {
    ...{ id, type, schemaVersion, stream, version, partition, offset, time: new Date(time).toISOString() },
    ...{ commandId, ...metadata, data: parsed(recorded.data) },
    ...(problem && { problem: { code: problem.code, message: problem.message } }),
  }
}

function textOf({ recorded, decoded, problem }: TailedEvent): string {
  const { partition, offset, stream, version, type, time } = recorded
  const place = picocolors.dim(`${partition}:${offset}  ${new Date(time).toISOString()}`)
  const events = problem
    ? picocolors.red(`${problem.code} ${problem.message}`)
    : decoded.map(({ event }) => shown(event)).join(' ')
  return `${place}  ${picocolors.bold(`${stream} ${version}`)}  ${type}  ${events}`
}
