import {
  HindcastError,
  projectionNamed,
  type Comparison,
  type LeftOut,
  type RebuildOptions,
  type RebuildResult,
} from '@hindcast/core'
import { duration, number } from '../../output/progress-text.js'
import { open } from '../read-model/open.js'
import type { VerbContext } from '../verb.js'
import { comparisonText } from './comparison-text.js'
import { cutText } from './cut.js'
import { withProgress } from './with-progress.js'

/** How a projection is rebuilt. */
export interface RebuildVerbOptions extends Omit<RebuildOptions, 'signal' | 'onProgress'> {
  /** Does not ask before what was built is thrown away. Default false. */
  readonly yes?: boolean
}

/**
 * Rebuilds the projection of a name beside what is read now, and swaps. Rows that differ are told, and swapped in only when
 * that is agreed to. Gives what was done.
 *
 * @throws ProjectionUnknownError with the nearest name, InterruptedError, NotConfirmedError, and as `operations.rebuild`
 */
export async function rebuild(
  context: VerbContext,
  projection: string,
  { yes = false, ...options }: RebuildVerbOptions = {},
): Promise<RebuildResult> {
  const { config, output, confirm } = context
  const type = projectionNamed(config.projections ?? [], projection)
  if (options.fresh && !yes)
    await confirm(`What an interrupted rebuild of "${projection}" has built is thrown away.`)
  await using opened = await open(config)
  const run = (more: RebuildOptions): Promise<RebuildResult> =>
    withProgress(context, `the rebuild of "${projection}"`, progress =>
      opened.runtime.operations.rebuild(type, { ...options, ...more, ...progress }),
    )
  const result = await run({}).catch(async (error: unknown) => {
    if (!isDifference(error)) throw error
    const { comparison } = error
    if (comparison) output.result({ comparison }, () => comparisonText(comparison))
    const agreed = confirm(`${error.message}\nReaders would read the new rows.`)
    return agreed.then(
      () => run({ acceptDifferences: true }),
      () => Promise.reject(error),
    )
  })
  output.result(result, () => rebuiltText(result))
  noteUnattended(context, result)
  return result
}

/** Says that nobody keeps up to date what readers read now. */
export function noteUnattended(
  { output }: Pick<VerbContext, 'output'>,
  { attended, projection, version }: Pick<RebuildResult, 'attended' | 'projection' | 'version'>,
): void {
  if (!attended)
    output.note(
      `no worker folds ${projection} version ${version}: its rows stand still until an app with it runs`,
    )
}

interface DifferenceError extends HindcastError {
  readonly comparison?: Comparison
}

function isDifference(error: unknown): error is DifferenceError {
  return error instanceof HindcastError && error.name === 'RebuildDiffersError'
}

function rebuiltText({
  projection,
  version,
  schema,
  kept,
  resumed,
  events,
  durationMs,
  cut,
  leftOut,
  comparison,
}: RebuildResult): string {
  const lines = [
    ...(comparison ? [comparisonText(comparison)] : []),
    `readers read ${projection} version ${version}, schema ${schema}`,
    `${number(events)} records in ${duration(durationMs)}${resumed ? ', gone on from an interrupted rebuild' : ''}, up to ${cutText(cut)}`,
    ...leftOutLines(leftOut),
  ]
  if (kept !== undefined)
    lines.push(
      `schema ${kept} is kept: hindcast rollback ${projection} reads it again, hindcast release ${projection} drops it`,
    )
  return lines.join('\n')
}

/** What a build left out; nothing when it left out nothing. */
export function leftOutLines({ parked, skipped }: LeftOut): readonly string[] {
  return parked + skipped === 0 ? [] : [`left out: ${parked} parked, ${skipped} skipped`]
}
