import { importLog, type ImportReport } from '@hindcast/evolution'
import { number } from '../../output/progress-text.js'
import { EXIT, type ExitCode } from '../../program/exit-code.js'
import { NoLogError } from '../log/errors.js'
import type { VerbContext } from '../verb.js'

/** Writes the events of an export to the app's log, which is made where it is missing, and says what does not move along. */
export async function importEvents({ config, output, signal }: VerbContext, file: string): Promise<ExitCode> {
  if (!config.store) throw new NoLogError()
  const report = await importLog(config.store, file, {
    signal,
    onProgress: (events, total) => output.progress?.show(`${number(events)} of ${number(total)} events`),
  })
  output.progress?.clear()
  output.result({ file, ...report }, () => textOf(report))
  if (!report.done) return EXIT.interrupted
  output.note(
    `log ${report.logId} is another log: checkpoints, positions and tokens of the old one do not fit it. ` +
      'Start the app with empty read models; drop what clients keep for atLeast',
  )
  return EXIT.done
}

function textOf({ logId, partitions, events, eventsBefore, timesMoved, ...rest }: ImportReport): string {
  const lines = [
    `log ${logId} with ${partitions} partitions has ${number(events)} events, ${number(events - eventsBefore)} of them new`,
  ]
  if (timesMoved > 0)
    lines.push(
      `${number(timesMoved)} events were older than one before them in their partition and took its time`,
    )
  if (rest.commandIdsChanged > 0)
    lines.push(
      `${number(rest.commandIdsChanged)} commands had an id that another one in their partition has; a repetition of them is not recognised`,
    )
  if (!rest.done) lines.push('interrupted; the same command goes on')
  return lines.join('\n')
}
