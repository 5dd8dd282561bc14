import {
  feedingSources,
  type BuildOptions,
  type Cut,
  type LogSource,
  type ProjectionDefinition,
} from '@hindcast/core'
import { OperationRefusedError, RebuildDiffersError, RebuildRunningError } from '../error/operation-errors.js'
import { takeTurn } from '../schema/bookkeeping.js'
import { codeOf } from '../schema/code.js'
import { dropSchema } from '../schema/drop-schema.js'
import { schemaName } from '../schema/names.js'
import { prepareVersion } from '../schema/prepare-version.js'
import { READ_COMMITTED } from '../store/checkpoint-sql.js'
import type { Session } from '../driver/database.js'
import { OWNER } from '../hold/owner.js'
import { Builder } from './builder.js'
import { cutOf, placesOf } from '../cut/cut.js'
import { takeHold, type Hold, type HoldPurpose, type Leaving } from '../hold/hold.js'
import { schemasOf } from '../operations/known-schema.js'
import { Lease } from '../hold/lease.js'
import { SteadyPace } from './pace.js'
import type { OperationParts } from '../operations/parts.js'
import { ProgressTeller } from './progress.js'

/** What is built. */
export interface BuildPlan {
  readonly kind: HoldPurpose['kind']
  readonly projection: ProjectionDefinition
  /** The schema where it is not the version's own, and what it is for. */
  readonly copy?: { readonly into: string; readonly purpose: 'building' | 'copy' }
  /** What was built so far is thrown away; `'never'` goes on also with what other code has built. */
  readonly fresh: boolean | 'never'
  readonly wanted: object
  readonly options: BuildOptions
  /** Done where the build begins, in the transaction that makes its schema. */
  readonly begin?: (session: Session) => Promise<void>
}

/** A schema that this process builds, from its hold to the end of it. */
export class Build {
  readonly schema: string
  readonly fed: readonly LogSource[]
  readonly progress: ProgressTeller
  /** Aborted when the work shall end, whatever the reason. */
  readonly signal: AbortSignal
  readonly lease: Lease
  readonly startedAt: number = performance.now()
  readonly #parts: OperationParts
  readonly #builder: Builder

  private constructor(parts: OperationParts, { projection, copy, options }: BuildPlan, hold: Hold) {
    const { store, host, closing } = parts
    this.#parts = parts
    this.schema = hold.schema
    this.fed = feedingSources(projection, host.sources)
    this.lease = new Lease(hold, (operation, work) => store.inSession(operation, work))
    const of = { projection: projection.name, version: projection.version, schema: hold.schema }
    this.progress = new ProgressTeller(of, options.onProgress)
    this.signal = AbortSignal.any([closing, this.lease.lost, ...(options.signal ? [options.signal] : [])])
    const pace =
      options.maxEventsPerSecond === undefined ? undefined : new SteadyPace(options.maxEventsPerSecond)
    const { progress } = this
    this.#builder = new Builder({
      store,
      projection,
      sources: host.sources,
      into: copy?.into,
      hold,
      pace,
      progress,
    })
  }

  /**
   * Makes the schema or takes up what was left of it, and holds it.
   *
   * @throws RebuildRunningError; OperationRefusedError for an option that cannot be
   */
  static async begin(parts: OperationParts, plan: BuildPlan): Promise<Build> {
    const { projection, copy, options, kind } = plan
    const { maxEventsPerSecond: rate } = options
    if (rate !== undefined && !(rate > 0))
      throw new OperationRefusedError(
        `the ${kind}`,
        projection.name,
        `maxEventsPerSecond is ${rate}, it is above 0`,
      )
    options.signal?.throwIfAborted()
    const hold = await parts.store.inSession('beginning a build', session =>
      makeAndHold(session, parts, plan),
    )
    parts.store.know(projection, copy?.into)
    return new Build(parts, plan, hold)
  }

  /** Where it stands. */
  cut(): Promise<Cut> {
    return this.#parts.store.inSession('asking for a cut', session => cutOf(session, this.schema))
  }

  /** Folds up to a cut. */
  async foldTo(cut: Cut): Promise<void> {
    await this.#builder.foldTo(cut, await this.cut(), this.signal)
  }

  /** Runs work and gives the schema back afterwards; a build that was interrupted can be taken up again. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    let how: Leaving = 'interrupted'
    try {
      const result = await work()
      how = 'done'
      return result
    } catch (error) {
      if (error instanceof RebuildDiffersError) how = error.awaited
      throw error
    } finally {
      await this.lease.leave(how)
    }
  }
}

async function makeAndHold(session: Session, parts: OperationParts, plan: BuildPlan): Promise<Hold> {
  const { projection, copy, fresh, kind, wanted } = plan
  const named = { projection: projection.name, version: projection.version, ...(copy && { into: copy.into }) }
  const schema = schemaName(named)
  const { sources } = parts.host
  const places = placesOf(feedingSources(projection, sources))
  const logs = sources.map(({ store }) => store.logId)
  const hold = async (): Promise<Hold> => {
    const taken = await takeHold(session, schema, { kind, owner: OWNER, wanted }, places)
    if ('token' in taken) return taken
    throw new RebuildRunningError(schema, taken.owner, taken.since)
  }
  await session.script(READ_COMMITTED)
  await takeTurn(session, parts.database.name)
  const before = (await schemasOf(session, projection.name)).find(each => each.schema === schema)
  const anew = fresh !== 'never' && before && (fresh || before.code !== codeOf(projection))
  if (anew) {
    await hold()
    await dropSchema(session, projection.name, schema)
  }
  const table = parts.store.tableOf(projection, copy?.into)
  await prepareVersion(session, named, projection, table, logs, copy?.purpose)
  const held = await hold()
  if (!before || anew) await plan.begin?.(session)
  await session.script('commit')
  return held
}
