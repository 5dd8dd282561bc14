import type { VerifyProblem, VerifyReport } from '@hindcast/evolution'
import picocolors from 'picocolors'
import { duration, number } from '../../output/progress-text.js'
import { table } from '../../output/table.js'

/** A problem as one line. */
export function problemText({ code, message, place }: VerifyProblem): string {
  const where = place === undefined ? '' : `${picocolors.dim(place)}  `
  return `${where}${picocolors.red(code)}  ${message}`
}

/**
 * What was found, for people: counts by type and version, then a line of each kind.
 *
 * @param keepsSnapshots - whether the app has an aggregate with a snapshot policy
 */
export function reportText(report: VerifyReport, keepsSnapshots: boolean): string {
  const { logId, partitions, done, events, streams, types, durationMs } = report
  const counts = table(
    [
      { name: 'type', cell: ({ type }) => type },
      { name: 'version', cell: ({ schemaVersion }) => String(schemaVersion), align: 'right' },
      { name: 'events', cell: each => number(each.events), align: 'right' },
    ],
    types,
  )
  const rate = durationMs > 0 ? (events * 1_000) / durationMs : 0
  return [
    ...(types.length > 0 ? [counts, ''] : []),
    `log ${logId}: ${count(events, 'event')} in ${count(streams, 'stream')} and ${count(partitions, 'partition')}, in ${duration(durationMs)} (${number(rate)}/s)`,
    ...othersOf(report, keepsSnapshots),
    problemsLine(report),
    ...(done ? [] : [picocolors.yellow('interrupted: what is told is of what was read')]),
  ].join('\n')
}

function othersOf(
  { skipped, snapshots, readModels, notFolded, notRead }: VerifyReport,
  keepsSnapshots: boolean,
): readonly string[] {
  return [
    ...(skipped
      ? [
          `no events: ${count(skipped.foreignRecords, 'foreign record')}, ${count(skipped.voidRecords, 'record')} in ${count(skipped.voidBatches, 'batch', 'batches')} that never happened`,
          ...skipped.firstVoid.map(
            ({ place, records, reason }) => `  ${place}  ${count(records, 'record')}: ${reason}`,
          ),
        ]
      : []),
    ...(keepsSnapshots ? [snapshotsLine(snapshots)] : []),
    ...(readModels
      ? [
          `read models: ${count(readModels.checkpoints, 'checkpoint')} and ${count(readModels.parked, 'parked event')} looked for in the log`,
        ]
      : []),
    ...(notFolded > 0
      ? [`${count(notFolded, 'event')} behind a problem of their stream: read and validated, not folded`]
      : []),
    ...(notRead > 0 ? [`${count(notRead, 'record')} could not be read`] : []),
  ]
}

function snapshotsLine(snapshots: VerifyReport['snapshots']): string {
  if (!snapshots)
    return 'snapshots: not looked at; on Kafka they lie in the index of an app, which must be stopped: --snapshots all'
  const { found, compared, ofOtherBuilds } = snapshots
  if (found === 0) return 'snapshots: none of the code of today'
  const others =
    ofOtherBuilds > 0 ? `, ${number(ofOtherBuilds)} of them of other builds or another compiler` : ''
  return `snapshots: ${number(compared)} of ${number(found)} that were looked at compared with a full replay${others}`
}

function problemsLine({ problems, problemsByCode, firstProblems }: VerifyReport): string {
  if (problems === 0) return picocolors.green('no problem')
  const codes = Object.entries(problemsByCode).map(([code, times]) => `${code} ${number(times)}`)
  const shown = firstProblems.length < problems ? `, the first ${number(firstProblems.length)} are shown` : ''
  return picocolors.red(`${count(problems, 'problem')}${shown}: ${codes.join(', ')}`)
}

function count(many: number, what: string, several = `${what}s`): string {
  return `${number(many)} ${many === 1 ? what : several}`
}
