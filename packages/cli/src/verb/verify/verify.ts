import { openReadModels, readersOf } from '@hindcast/core'
import { verifyHistory } from '@hindcast/evolution'
import { EXIT, type ExitCode } from '../../program/exit-code.js'
import { openLog } from '../log/open-log.js'
import type { VerbContext } from '../verb.js'
import { problemText, reportText } from './report-text.js'
import { teller } from './teller.js'

/** What to verify, and what to show. */
export interface VerifyVerbOptions {
  /** Of which share of the streams snapshots are compared, 0 to 1. Default: of all, where the log is read with them. */
  readonly snapshotShare?: number
  /** How many problems are shown. Default 100. */
  readonly problems?: number
  /** Whether checkpoints and parked events are looked for in the log. Default: where the app has read models that others see. */
  readonly readModels?: boolean
}

/** Reads the whole log of the app, and shows what is wrong with it. Gives whether nothing is. */
export async function verify(
  { config, output, signal }: VerbContext,
  { readModels: withReadModels = true, ...options }: VerifyVerbOptions = {},
): Promise<ExitCode> {
  await using log = await openLog(config)
  // A log that is read without an index shows no snapshots; who asks for some means those in the index.
  const isAsked = options.snapshotShare !== undefined && options.snapshotShare > 0
  await using index =
    isAsked && !config.snapshots && !log.store.snapshots ? await openLog(config, 'commands') : undefined
  const { projections = [] } = config
  const snapshots = config.snapshots ?? index?.store.snapshots
  const readModels = withReadModels &&
    config.readModels && { open: () => openReadModels(config), projections }
  const report = await verifyHistory(
    { ...log, ...(snapshots && { snapshots }), ...(readModels && { readModels }) },
    { ...options, signal, onProgress: teller(output) },
  )
  output.progress?.clear()
  const { firstProblems, ...counts } = report
  for (const problem of firstProblems) output.result({ problem }, () => problemText(problem))
  const keepsSnapshots = readersOf(config).aggregates.some(aggregate => aggregate.snapshots)
  output.result({ report: counts }, () => reportText(report, keepsSnapshots))
  if (!report.done) return EXIT.interrupted
  return report.problems > 0 ? EXIT.problems : EXIT.done
}
