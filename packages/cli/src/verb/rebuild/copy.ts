import { projectionInfo, projectionNamed, type CopyOptions, type CopyResult } from '@hindcast/core'
import { duration, number } from '../../output/progress-text.js'
import { open } from '../read-model/open.js'
import type { VerbContext } from '../verb.js'
import { cutText, timeOrCut } from './cut.js'
import { leftOutLines } from './rebuild.js'
import { withProgress } from './with-progress.js'

/** Which rows are copied, and where to. */
export interface CopyVerbOptions extends Pick<CopyOptions, 'into' | 'maxEventsPerSecond'> {
  /** A time, or a cut as it is printed. Default: the end of the log. */
  readonly asOf?: string
  /** A time, or a cut as it is printed. Default: the beginning of the log. */
  readonly from?: string
}

/**
 * Folds a part of the log into a schema of its own: the rows as of a time, or only what came from a time on. Gives what was done.
 *
 * @throws ProjectionUnknownError with the nearest name, CutTextError, InterruptedError, and as `operations.copy`
 */
export async function copy(
  context: VerbContext,
  projection: string,
  { asOf, from, ...options }: CopyVerbOptions,
): Promise<CopyResult> {
  const type = projectionNamed(context.config.projections ?? [], projection)
  await using opened = await open(context.config)
  const { name } = projectionInfo(type)
  const places = (await opened.runtime.health()).filter(health => health.projection === name)
  const unique = places.filter(
    (place, index) =>
      index === places.findIndex(each => each.log === place.log && each.partition === place.partition),
  )
  const result = await withProgress(context, `the copy of "${projection}" into ${options.into}`, progress =>
    opened.runtime.operations.copy(type, {
      ...options,
      ...progress,
      ...(asOf !== undefined && { asOf: timeOrCut(asOf, unique) }),
      ...(from !== undefined && { from: timeOrCut(from, unique) }),
    }),
  )
  context.output.result(result, () => copiedText(result))
  return result
}

function copiedText({
  projection,
  version,
  schema,
  resumed,
  from,
  cut,
  events,
  durationMs,
  leftOut,
}: CopyResult): string {
  const begins = from.some(({ next }) => next > 0n) ? `from ${cutText(from)} on, ` : ''
  return [
    `schema ${schema} has ${projection} version ${version}, ${begins}up to ${cutText(cut)}`,
    `${number(events)} records in ${duration(durationMs)}${resumed ? ', gone on from an interrupted copy' : ''}`,
    ...leftOutLines(leftOut),
  ].join('\n')
}
