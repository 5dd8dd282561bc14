import {
  VersionHeldError,
  type AwaitedDifferences,
  type LogPlace,
  type ProjectionVersion,
} from '@hindcast/core'
import type { Session } from '../driver/database.js'
import { RebuildLostError } from '../error/operation-errors.js'
import { ReadModelChangedError } from '../error/errors.js'
import { FIRST_EPOCH } from '../schema/bookkeeping.js'
import { literal, schemaName } from '../schema/names.js'
import { arrayText } from '../value/array-text.js'

/** How long a hold lasts that nobody renews. */
const LEASE_MS = 10_000
const LEASE = `clock_timestamp() + interval '${LEASE_MS} milliseconds'`

/** The row is locked by whoever claims and whoever takes a hold, in whole transactions: each sees what the other did. */
const AS_CLAIMANT = 'select from hindcast.projections where schema = $1 for share'
const AS_HOLDER = 'select from hindcast.projections where schema = $1 for no key update'
const IS_THERE = 'select from hindcast.projections where schema = $1'

const HOLDER = 'select owner, token, until > clock_timestamp() from hindcast.builds where schema = $1'
/** Whoever held it before finds its token gone. */
const EXPIRE = `update hindcast.builds set token = nextval('hindcast.build_tokens')
where schema = $1 and until <= clock_timestamp()`
const TAKE = `insert into hindcast.builds as b (schema, kind, owner, token, wanted, begun_at, until)
values ($1, $2, $3, nextval('hindcast.build_tokens'), $4, clock_timestamp(), ${LEASE})
on conflict (schema) do update set kind = excluded.kind, owner = excluded.owner, token = excluded.token,
  wanted = excluded.wanted, begun_at = excluded.begun_at, until = excluded.until
where b.until <= clock_timestamp() returning token`
/** Also partitions that nobody has claimed yet: an older claim of them ends here. */
const BUMP = `with place as (
  insert into hindcast.claimed (schema, log, partition)
  select $1, log, partition from unnest($2::text[], $3::integer[]) p(log, partition)
  on conflict do nothing returning schema, log, partition),
made as (
  insert into hindcast.checkpoints (schema, log, partition, next, epoch) select schema, log, partition, 0, ${FIRST_EPOCH} from place)
update hindcast.checkpoints set epoch = epoch + 1 where schema = $1`
const RENEW = `update hindcast.builds set until = ${LEASE} where schema = $1 and token = $2`
const LAY_DOWN = `update hindcast.builds set until = clock_timestamp(), wanted = wanted || $3
where schema = $1 and token = $2`
const END = 'delete from hindcast.builds where schema = $1 and token = $2'

/** Who works on a schema, before all others. */
export interface Hold {
  /** The schema. */
  readonly schema: string
  /** No other hold ever has the same. */
  readonly token: bigint
}

/** What a hold is for. */
export interface HoldPurpose {
  readonly kind: 'rebuild' | 'copy' | 'rollback'
  /** `<host>:<pid>`. */
  readonly owner: string
  /** What was asked for, to go on from. */
  readonly wanted: object
}

/** A hold that somebody else has. */
export interface Holder {
  readonly owner: string
  readonly since: Date
}

/**
 * Makes sure that an ordinary worker may claim: nobody holds the schema. A hold that has run out ends here for good. Inside a
 * transaction, before the claim.
 *
 * @throws VersionHeldError; ReadModelChangedError when the version was released meanwhile
 */
export async function passHold(session: Session, version: ProjectionVersion): Promise<void> {
  const schema = schemaName(version)
  if (!(await lockRow(session, AS_CLAIMANT, schema)))
    throw new ReadModelChangedError(
      version.projection,
      version.version,
      'it was released, or deleted from hindcast.projections, while this process runs it. Take its class out of projections: […], or restart to fold it anew',
    )
  const [holder] = (await session.query(HOLDER, [schema], 'keep')).rows
  if (holder?.[2] === 't') throw new VersionHeldError(schema, holder[0]!)
  if (holder) await session.query(EXPIRE, [schema], 'keep')
}

/** Who waits for a swap to end finds that the row has another name then, and looks for the one that has its name now. */
async function lockRow(session: Session, lock: string, schema: string): Promise<boolean> {
  do {
    if ((await session.query(lock, [schema], 'keep')).rowCount === 1) return true
  } while ((await session.query(IS_THERE, [schema], 'keep')).rowCount === 1)
  return false
}

/** Makes sure that a hold still is one, to the end of the transaction. @throws RebuildLostError */
export async function proveHold(session: Session, hold: Hold): Promise<void> {
  if ((await session.query(proofOf(hold))).rowCount !== 1) throw new RebuildLostError(hold.schema)
}

/** Takes a hold, unless somebody has one: every owner of a checkpoint is fenced from then on. Inside a transaction. */
export async function takeHold(
  session: Session,
  schema: string,
  { kind, owner, wanted }: HoldPurpose,
  places: readonly LogPlace[],
): Promise<Hold | Holder> {
  await lockRow(session, AS_HOLDER, schema)
  const taken = await session.query(TAKE, [schema, kind, owner, JSON.stringify(wanted)])
  if (taken.rows.length === 0) {
    const found = await session.query(
      'select owner, extract(epoch from begun_at) * 1000 from hindcast.builds where schema = $1',
      [schema],
    )
    const [by, since] = found.rows[0]!
    return { owner: by!, since: new Date(Number(since)) }
  }
  const logs = arrayText(places.map(({ log }) => log))
  await session.query(BUMP, [schema, logs, arrayText(places.map(({ partition }) => String(partition)))])
  return { schema, token: BigInt(taken.rows[0]![0]!) }
}

/** Keeps the hold for another while. @returns false when it is somebody else's by now */
export async function renewHold(session: Session, { schema, token }: Hold): Promise<boolean> {
  return (await session.query(RENEW, [schema, String(token)], 'keep')).rowCount === 1
}

/** How a hold is left: what it was for is done; or not, and the note of what was asked for stays, perhaps with what it waits for. */
export type Leaving = 'done' | 'interrupted' | AwaitedDifferences

/** Gives the schema back. */
export async function leaveHold(session: Session, { schema, token }: Hold, how: Leaving): Promise<void> {
  const which = [schema, String(token)]
  if (how === 'done') await session.query(END, which)
  else
    await session.query(LAY_DOWN, [...which, JSON.stringify(how === 'interrupted' ? {} : { waitsFor: how })])
}

/** A statement that finds one row while the hold is this one; it lasts at least to the end of the transaction. */
export function proofOf({ schema, token }: Hold): string {
  return `select 1 from hindcast.builds where schema = ${literal(schema)} and token = ${token} for share`
}
