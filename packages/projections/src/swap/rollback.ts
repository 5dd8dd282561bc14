import type { ProjectionDefinition, RollbackOptions, RollbackResult } from '@hindcast/core'
import { OperationRefusedError } from '../error/operation-errors.js'
import { Attendance } from '../operations/attended.js'
import { Build } from '../rebuild/build.js'
import { atLeast, behind, cutOf, shownCut } from '../cut/cut.js'
import { knownSchemas, type KnownSchema } from '../operations/known-schema.js'
import type { OperationParts } from '../operations/parts.js'
import { timeFromSql } from '../value/from-sql.js'
import type { Swapped } from './swap.js'
import { SwapAttempts } from './swap-attempts.js'
import { whileStanding } from '../hold/while-standing.js'

/** Makes readers read an earlier schema again. */
export async function rollback(
  parts: OperationParts,
  name: string,
  options: RollbackOptions,
): Promise<RollbackResult> {
  const known = await knownSchemas(parts, name)
  const active = known.find(({ role }) => role === 'active')
  const target = known.find(({ role, schema }) => role === 'kept' && (options.to ?? schema) === schema)
  if (!active || !target)
    throw new OperationRefusedError('the roll-back', name, nothingToReturnTo(known, options.to))
  refuseAnother(active, options.readSince)
  const projection = parts.host.projections.find(
    each => each.name === name && each.version === target.version,
  )
  const attendance = await Attendance.of(parts, target)
  const attempts = new SwapAttempts(parts, target.schema, options.swapTimeoutMs)
  const swapped = projection
    ? await caughtUp(parts, projection, active, target, options, attempts)
    : await asItStands(parts, active, target, options, attempts)
  return {
    projection: name,
    version: target.version,
    schema: swapped.schema,
    kept: swapped.kept,
    cut: swapped.cut,
    attended: await attendance.afterwards(),
  }
}

type Done = Extract<Swapped, { readonly kind: 'swapped' }>

/** The class is here: what the earlier schema lacks is folded first. */
async function caughtUp(
  parts: OperationParts,
  projection: ProjectionDefinition,
  active: KnownSchema,
  target: KnownSchema,
  options: RollbackOptions,
  attempts: SwapAttempts,
): Promise<Done> {
  const own = target.schema === `${projection.name}_v${projection.version}`
  const build = await Build.begin(parts, {
    kind: 'rollback',
    projection,
    ...(!own && { copy: { into: target.schema, purpose: 'building' } as const }),
    fresh: 'never',
    wanted: {},
    options,
  })
  const catchUp = async (): Promise<void> =>
    build.foldTo(atLeast(await build.cut(), await cutIn(parts, active.schema)))
  return build.run(async () => {
    build.progress.enter('catching-up')
    return attempts.run(build.signal, async () => {
      await catchUp()
      return whileStanding(parts, active.schema, target.schema, async standing => {
        await catchUp()
        build.progress.enter('swapping')
        build.signal.throwIfAborted()
        return attempts.once({ active, next: target, holds: [build.lease.hold, standing.hold] })
      })
    })
  })
}

/** Only other processes know the class: it is kept up to date by them, or stands where it was left. */
async function asItStands(
  parts: OperationParts,
  active: KnownSchema,
  target: KnownSchema,
  { signal = new AbortController().signal }: RollbackOptions,
  attempts: SwapAttempts,
): Promise<Done> {
  return attempts.run(AbortSignal.any([signal, parts.closing]), () =>
    whileStanding(parts, active.schema, target.schema, async standing => {
      const needed = await cutIn(parts, active.schema)
      const left = behind(await cutIn(parts, target.schema), needed)
      if (left.length > 0)
        throw new OperationRefusedError(
          'the roll-back',
          active.projection,
          `schema ${target.schema} does not stand at ${shownCut(left)} yet, as what is read now does. Give the class of version ${target.version} ` +
            'in projections: […] to fold what is missing',
        )
      return attempts.once({ active, next: target, holds: [standing.hold] })
    }),
  )
}

function cutIn({ store }: OperationParts, schema: string): ReturnType<typeof cutOf> {
  return store.inSession('asking for a cut', session => cutOf(session, schema))
}

/** A roll-back that was done already, though nobody heard so, is not taken back by asking for it again. */
function refuseAnother({ projection, schema, since }: KnownSchema, asked: Date | undefined): void {
  const given = timeFromSql(since) as Date
  if (asked === undefined || asked.getTime() === given.getTime()) return
  throw new OperationRefusedError(
    'the roll-back',
    projection,
    `readers have read schema ${schema} since ${given.toISOString()}, and not since ${Number.isNaN(asked.getTime()) ? 'a time that is no date' : asked.toISOString()}. ` +
      'Where that is what you want, the roll-back was done; else look at versions and do it again',
  )
}

function nothingToReturnTo(known: readonly KnownSchema[], to: string | undefined): string {
  const kept = known.filter(({ role }) => role === 'kept').map(({ schema }) => schema)
  if (to !== undefined)
    return `schema ${to} is not kept; ${kept.length > 0 ? `these are: ${kept.join(', ')}` : 'none is'}`
  return 'nothing that was read before is kept'
}
