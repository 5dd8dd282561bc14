import {
  projectionInfo,
  projectionNamed,
  ProjectionUnknownError,
  type BuildStanding,
  type Newable,
  type ReadModelOperations,
  type RollbackOptions,
  type RollbackResult,
  type VersionStanding,
} from '@hindcast/core'
import { bytes } from '../../output/progress-text.js'
import { table } from '../../output/table.js'
import { open } from '../read-model/open.js'
import type { VerbContext } from '../verb.js'
import { cutText } from './cut.js'
import { noteUnattended } from './rebuild.js'
import { withProgress } from './with-progress.js'

/** What is released. */
export interface ReleaseVerbOptions {
  /** Only this schema. Default: what was read before, and rebuilds that nobody works on. */
  readonly schema?: string
  /** Does not ask first. Default false. */
  readonly yes?: boolean
}

/** Tells every schema with rows of a projection. Gives it. */
export async function versions({ config, output }: VerbContext): Promise<readonly VersionStanding[]> {
  await using opened = await open(config)
  const all = await opened.runtime.operations.versions()
  if (all.length === 0) output.note('there are no rows of any projection yet')
  else output.results(all, () => versionsTable(all))
  return all
}

/**
 * Lets readers read what they read before. Gives what was done.
 *
 * @throws ProjectionUnknownError with the nearest name, InterruptedError, and as `operations.rollback`
 */
export async function rollback(
  context: VerbContext,
  projection: string,
  options: Pick<RollbackOptions, 'to' | 'readSince' | 'swapTimeoutMs'> = {},
): Promise<RollbackResult> {
  await using opened = await open(context.config)
  const { operations } = opened.runtime
  const which = await classOrName(context, operations, projection)
  const result = await withProgress(context, `the roll-back of "${projection}"`, progress =>
    operations.rollback(which, { ...options, ...progress }),
  )
  context.output.result(result, () => {
    const { version, schema, kept, cut } = result
    return `readers read ${projection} version ${version} again, schema ${schema}, up to ${cutText(cut)}\nschema ${kept} is kept`
  })
  noteUnattended(context, result)
  return result
}

/**
 * Drops the rows of a projection that are read no more. Gives the schemas.
 *
 * @throws ProjectionUnknownError with the nearest name, NotConfirmedError, and as `operations.release`
 */
export async function release(
  context: VerbContext,
  projection: string,
  { schema, yes = false }: ReleaseVerbOptions = {},
): Promise<readonly string[]> {
  await using opened = await open(context.config)
  const { operations } = opened.runtime
  const which = await classOrName(context, operations, projection)
  const dropped = yes
    ? await operations.release(which, schema === undefined ? {} : { schema })
    : await releaseAgreed(context, operations, which, await releasable(operations, projection, schema))
  context.output.result({ dropped }, () =>
    dropped.length === 0 ? 'there was nothing to drop' : `dropped ${dropped.join(', ')}`,
  )
  return dropped
}

async function releasable(
  operations: ReadModelOperations,
  projection: string,
  schema: string | undefined,
): Promise<readonly VersionStanding[]> {
  const mine = (await operations.versions()).filter(each => each.projection === projection)
  if (schema !== undefined) return mine.filter(each => each.schema === schema)
  return mine.filter(
    ({ role, build }) => role === 'kept' || (role === 'building' && build?.running === false),
  )
}

/** Drops what was shown and agreed to, and nothing that came to be meanwhile. */
async function releaseAgreed(
  { confirm }: VerbContext,
  operations: ReadModelOperations,
  which: Newable | string,
  shown: readonly VersionStanding[],
): Promise<readonly string[]> {
  if (shown.length === 0) return []
  await confirm(`Dropped for good:\n${versionsTable(shown)}`)
  const dropped: string[] = []
  for (const { schema } of shown) dropped.push(...(await operations.release(which, { schema })))
  return dropped
}

/** The class where the app has one; a projection that it has no more is known by its rows. */
async function classOrName(
  { config: { projections = [] } }: VerbContext,
  operations: ReadModelOperations,
  name: string,
): Promise<Newable | string> {
  if (projections.some(each => projectionInfo(each).name === name)) return projectionNamed(projections, name)
  const known = new Set((await operations.versions()).map(({ projection }) => projection))
  for (const each of projections) known.add(projectionInfo(each).name)
  if (!known.has(name)) throw new ProjectionUnknownError(name, [...known])
  return name
}

function versionsTable(all: readonly VersionStanding[]): string {
  return table(
    [
      { name: 'projection', cell: each => each.projection },
      { name: 'version', cell: each => String(each.version), align: 'right' },
      { name: 'schema', cell: each => each.schema },
      { name: 'role', cell: each => each.role },
      { name: 'since', cell: each => each.since.toISOString() },
      { name: 'size', cell: each => bytes(each.sizeBytes), align: 'right' },
      { name: 'left out', cell: ({ leftOut }) => String(leftOut.parked + leftOut.skipped), align: 'right' },
      { name: 'up to', cell: each => cutText(each.cut) },
    ],
    all,
    ({ projection, schema, build }) =>
      build &&
      `    ${build.kind} by ${build.owner} since ${build.since.toISOString()}${stateText(projection, schema, build)}`,
  )
}

function stateText(projection: string, schema: string, { running, waitsFor }: BuildStanding): string {
  if (running) return ''
  if (!waitsFor) return ', interrupted'
  const { differentRows, parked, skipped } = waitsFor
  const what = [
    [differentRows, differentRows === 1 ? 'row that differs' : 'rows that differ'],
    [parked, 'parked'],
    [skipped, 'skipped'],
  ].flatMap(([count, text]) => (count === 0 ? [] : [`${count} ${text}`]))
  return (
    `, built; it waits for the acceptance of ${what.join(', ')}: ` +
    `hindcast rebuild ${projection} --accept-differences swaps it in, hindcast release ${projection} --schema ${schema} drops it`
  )
}
