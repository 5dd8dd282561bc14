import {
  feedingSources,
  systemClock,
  type CopyOptions,
  type CopyResult,
  type Cut,
  type CutPlace,
  type ProjectionDefinition,
} from '@hindcast/core'
import type { Session } from '../driver/database.js'
import { OperationRefusedError, SchemaExistsError } from '../error/operation-errors.js'
import { takeTurn } from '../schema/bookkeeping.js'
import { identifier } from '../schema/names.js'
import { READ_COMMITTED } from '../store/checkpoint-sql.js'
import { resolveCut } from '../cut/as-of.js'
import { Build } from './build.js'
import { behind, endOf, placesOf, shownCut } from '../cut/cut.js'
import { leftOutOf } from '../operations/left-out.js'
import type { OperationParts } from '../operations/parts.js'

const SCHEMA = /^[a-z][a-z0-9_]{0,62}$/
const TAKEN: readonly string[] = ['read', 'hindcast', 'public', 'information_schema']
const FOUND = `select to_regnamespace($1) is not null, p.role, p.projection, p.version, b.wanted
from (select) one left join hindcast.projections p on p.schema = $2 left join hindcast.builds b on b.schema = $2`

/** What a copy was asked for, and what that came to; kept while it is not done. */
interface Wanted {
  /** As it was asked for. */
  readonly asked: string
  readonly from: readonly WrittenPlace[]
  readonly cut: readonly WrittenPlace[]
}

type WrittenPlace = Omit<CutPlace, 'next'> & { readonly next: string }

/** Folds a part of the log into a schema of its own. */
export async function copy(
  parts: OperationParts,
  projection: ProjectionDefinition,
  options: CopyOptions,
): Promise<CopyResult> {
  const { name, version } = projection
  const { into } = options
  if (!SCHEMA.test(into) || TAKEN.includes(into) || into.startsWith('pg_'))
    throw new OperationRefusedError(
      'the copy',
      name,
      `a schema called ${JSON.stringify(into)} cannot be made; its name is a small letter, then small letters, digits and _, ` +
        `at most 63, and not ${TAKEN.join(', ')} or pg_…`,
    )
  const asked = JSON.stringify([name, version, written(options.asOf), written(options.from)])
  const before = await begunBefore(parts, into, asked)
  const wanted = before ?? (await resolve(parts, projection, options, asked))
  const build = await Build.begin(parts, {
    kind: 'copy',
    projection,
    copy: { into, purpose: 'copy' },
    fresh: false,
    wanted,
    options,
    begin: session => beginAt(session, into, read(wanted.from)),
  })
  return build.run(async () => {
    const cut = read(wanted.cut)
    build.progress.enter('building')
    await build.foldTo(cut)
    return {
      projection: name,
      version,
      schema: into,
      resumed: before !== undefined,
      from: read(wanted.from),
      cut,
      events: build.progress.events,
      durationMs: performance.now() - build.startedAt,
      leftOut: await parts.store.inSession('counting what is left out', session => leftOutOf(session, into)),
    }
  })
}

/** What an interrupted copy of the same was to be. @throws SchemaExistsError */
async function begunBefore(parts: OperationParts, into: string, asked: string): Promise<Wanted | undefined> {
  const [row] = await parts.store.inSession('looking for a schema', async session => {
    await session.script(READ_COMMITTED)
    await takeTurn(session, parts.database.name)
    const { rows } = await session.query(FOUND, [identifier(into), into])
    await session.script('commit')
    return rows
  })
  const [exists, role, projection, version, wanted] = row!
  if (exists !== 't') return undefined
  if (role === null || role === undefined) throw new SchemaExistsError(into, 'Hindcast did not make it')
  const whose = `projection "${projection}" version ${version}`
  if (role !== 'copy' || !wanted)
    throw new SchemaExistsError(into, `${role === 'copy' ? 'a copy of ' : ''}${whose}`)
  const known = JSON.parse(wanted) as Wanted
  if (known.asked !== asked)
    throw new SchemaExistsError(into, `an interrupted copy of ${whose}, of another part of the log`)
  return known
}

async function resolve(
  { host }: OperationParts,
  projection: ProjectionDefinition,
  { asOf, from }: CopyOptions,
  asked: string,
): Promise<Wanted> {
  const fed = feedingSources(projection, host.sources)
  const now = (host.clock ?? systemClock).now()
  const cut = asOf === undefined ? await endOf(fed) : await resolveCut(fed, asOf, now)
  const begin =
    from === undefined
      ? placesOf(fed).map(place => ({ ...place, next: 0n }))
      : await resolveCut(fed, from, now)
  const late = behind(cut, begin)
  if (late.length > 0)
    throw new OperationRefusedError(
      'the copy',
      projection.name,
      `it begins at ${shownCut(late)}, behind its end ${shownCut(cut)}`,
    )
  return { asked, from: write(begin), cut: write(cut) }
}

/** The build begins here. */
async function beginAt(session: Session, schema: string, from: Cut): Promise<void> {
  for (const { log, partition, next } of from)
    await session.query(
      'update hindcast.checkpoints set next = $4, moved_to = $4 where schema = $1 and log = $2 and partition = $3',
      [schema, log, String(partition), String(next)],
    )
}

function written(asked: Date | Cut | undefined): unknown {
  return asked === undefined || asked instanceof Date ? (asked?.getTime() ?? null) : write(asked)
}

function write(cut: Cut): readonly WrittenPlace[] {
  return cut.map(({ log, partition, next }) => ({ log, partition, next: String(next) }))
}

function read(cut: readonly WrittenPlace[]): Cut {
  return cut.map(({ log, partition, next }) => ({ log, partition, next: BigInt(next) }))
}
