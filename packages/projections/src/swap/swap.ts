import type { Cut } from '@hindcast/core'
import type { Session } from '../driver/database.js'
import { OperationRefusedError } from '../error/operation-errors.js'
import { identifier } from '../schema/names.js'
import { replaceViews } from '../schema/replace-views.js'
import { dropSchema } from '../schema/drop-schema.js'
import { takeTurn } from '../schema/bookkeeping.js'
import { READ_COMMITTED } from '../store/checkpoint-sql.js'
import { behind, cutOf } from '../cut/cut.js'
import { proveHold, type Hold } from '../hold/hold.js'
import type { KnownSchema } from '../operations/known-schema.js'

/** How long the swap lets readers wait behind it, each time. */
const LOCK_TIMEOUT_MS = 500

/** What is swapped. */
export interface Swap {
  readonly database: string
  /** What readers read. */
  readonly active: KnownSchema
  /** What they will read. */
  readonly next: KnownSchema
  /** The holds on both. */
  readonly holds: readonly Hold[]
}

/** What a swap did. */
export type Swapped =
  | {
      readonly kind: 'swapped'
      readonly schema: string
      readonly kept: string
      readonly cut: Cut
      /** When, as the bookkeeping has it: no other swap of the projection has the same. */
      readonly since: string
    }
  | { readonly kind: 'behind'; readonly of: Cut }

const VIEWS = `select format('read.%I', name) from hindcast.views where projection = $1 order by name`
const TABLES = `select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.oid = to_regnamespace($1) and c.relkind in ('r', 'p') order by c.relname`
const ROWS =
  'select schema, role, since::text from hindcast.projections where projection = $1 order by schema for no key update'
const ROLE =
  'update hindcast.projections set role = $2, since = clock_timestamp() where schema = $1 returning since::text'
/** All rows of the projection, so that what the swap has changed is waited for and then seen. */
const WHEN = 'select since::text from hindcast.projections where projection = $1 order by schema for share'
const NAME = 'update hindcast.projections set schema = $2 where schema = $1'

/**
 * Makes readers read another schema, in one transaction. It takes the tables from whoever reads them, or gives up after half a
 * second; nobody who has read a row can find it gone: the new rows stand where the old ones do, or beyond.
 *
 * @throws OperationRefusedError when readers read something else by now
 */
export async function swap(session: Session, { database, active, next, holds }: Swap): Promise<Swapped> {
  await session.script(
    `begin isolation level read committed read write; set local lock_timeout = '${LOCK_TIMEOUT_MS}ms'`,
  )
  await takeTurn(session, database)
  // Before the checkpoints, as whoever claims one.
  const { rows } = await session.query(ROWS, [active.projection])
  // Who lost a hold is told so, whoever has swapped meanwhile.
  for (const hold of holds) await proveHold(session, hold)
  if (
    !rows.some(
      ([schema, role, since]) => schema === active.schema && role === 'active' && since === active.since,
    )
  )
    throw new OperationRefusedError(
      'the swap',
      active.projection,
      `readers were given something else meanwhile than what they read when it began, schema ${active.schema}. Look which schema is active (versions), and do it again if that is not what you want`,
    )
  const sameVersion = active.version === next.version
  // Readers who have found the old table by its name must end before it gets another one.
  if (sameVersion) await lockTables(session, active)
  const needed = await cutOf(session, active.schema, ' for update')
  const cut = await cutOf(session, next.schema, ' for update')
  const left = behind(
    cut,
    needed.filter(({ log }) => cut.some(place => place.log === log)),
  )
  if (left.length > 0) {
    await session.script('rollback')
    return { kind: 'behind', of: left }
  }
  await session.query(ROLE, [active.schema, 'kept'])
  const [[since] = []] = (await session.query(ROLE, [next.schema, 'active'])).rows
  const schema = sameVersion ? active.schema : next.schema
  const kept = sameVersion ? `${active.projection}_v${active.version}_before` : active.schema
  if (sameVersion) {
    // One earlier state of a version is kept, not one of each rebuild.
    if (kept !== next.schema) await dropSchema(session, active.projection, kept)
    await exchange(session, active.schema, next.schema, kept)
  }
  for (const each of [schema, kept])
    await session.query(
      'update hindcast.checkpoints set epoch = (select max(epoch) + 1 from hindcast.checkpoints) where schema = $1',
      [each],
    )
  await replaceViews(session, active.projection, schema)
  await session.query('delete from hindcast.builds where token = any($1::bigint[])', [
    `{${holds.map(({ token }) => token).join(',')}}`,
  ])
  return { kind: 'swapped', schema, kept, cut, since: since! }
}

/** Whether a swap whose COMMIT was not answered has happened. It waits until that transaction has ended. */
export async function hasHappened(session: Session, projection: string, since: string): Promise<boolean> {
  await session.script(READ_COMMITTED)
  const { rows } = await session.query(WHEN, [projection])
  await session.script('rollback')
  return rows.some(([each]) => each === since)
}

/** In the order of readers, who lock a view before its table: otherwise they and the swap would wait for each other. */
async function lockTables(session: Session, { schema, projection }: KnownSchema): Promise<void> {
  const views = await session.query(VIEWS, [projection])
  const tables = await session.query(TABLES, [identifier(schema)])
  for (const [name] of [...views.rows, ...tables.rows])
    await session.script(`lock table ${name} in access exclusive mode`)
}

/** The new schema gets the old one's name, the old one the name of what is kept: it may be the new one's, or free. */
async function exchange(session: Session, active: string, next: string, kept: string): Promise<void> {
  const steps: [string, string][] = [
    [next, `${kept}_swap`],
    [active, kept],
    [`${kept}_swap`, active],
  ]
  for (const [from, to] of steps) {
    await session.script(`alter schema ${identifier(from)} rename to ${identifier(to)}`)
    await session.query(NAME, [from, to])
  }
}
