import { systemClock, uuidV7Source } from '@hindcast/core'
import { exportLog, type ExportOptions } from '@hindcast/evolution'
import { number } from '../../output/progress-text.js'
import { EXIT, type ExitCode } from '../../program/exit-code.js'
import { NoLogError } from '../log/errors.js'
import { timeOrCut } from '../rebuild/cut.js'
import type { VerbContext } from '../verb.js'

/** What to export. */
export interface ExportVerbOptions {
  /** A time, or partitions with offsets, as text. Default: everything, or what the file began with. */
  readonly from?: string | undefined
}

/** Writes the events of the app's log to a file. */
export async function exportEvents(
  { config, output, signal }: VerbContext,
  file: string,
  { from: text }: ExportVerbOptions = {},
): Promise<ExitCode> {
  if (!config.store) throw new NoLogError()
  await using store = await config.store({
    ...{ clock: config.clock ?? systemClock, ids: config.ids ?? uuidV7Source() },
    ...{ run: 'commands', existing: true },
  })
  const log = store.logId
  const places = Array.from({ length: store.partitions }, (_, partition) => ({ log, partition }))
  const start = text === undefined ? undefined : timeOrCut(text, places)
  const from: ExportOptions['from'] =
    start instanceof Date ? start : start && new Map(start.map(({ partition, next }) => [partition, next]))
  const report = await exportLog({ store, aggregates: config.aggregates }, file, {
    ...(from && { from }),
    signal,
    onProgress: events => output.progress?.show(`${number(events)} events`),
  })
  output.progress?.clear()
  const { events, eventsBefore, cutLine, done } = report
  if (cutLine !== undefined)
    output.note(`${file} broke off in line ${cutLine}; it was written again from there`)
  output.result({ file, logId: log, ...report }, () => {
    const state = done ? '' : '; interrupted, the same command goes on'
    return `${file} has ${number(events)} events, ${number(events - eventsBefore)} of them new${state}`
  })
  return done ? EXIT.done : EXIT.interrupted
}
