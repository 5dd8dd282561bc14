import type { Session } from '../driver/database.js'

/** What a server says of itself and of this user. */
export interface ServerFacts {
  readonly version: string
  readonly versionNumber: number
  readonly fsync: string
  readonly fullPageWrites: string
  readonly synchronousCommit: string
  readonly readOnly: string
  readonly isStandby: boolean
  readonly lockTimeout: string
  readonly statementTimeout: string
  readonly encoding: string
  readonly user: string
  /** How many connections this user may still open. */
  readonly freeConnections: number
  readonly mayCreateSchemas: boolean
  /** The schemas of Hindcast that somebody else owns. */
  readonly foreignSchemas: readonly string[]
  /** How far the server's clock is ahead of ours, in ms, and how exact that is. */
  readonly clockAheadMs: number
  readonly clockErrorMs: number
}

const FACTS = `select current_setting('server_version'), current_setting('server_version_num'), current_setting('fsync'),
  current_setting('full_page_writes'), current_setting('synchronous_commit'), current_setting('transaction_read_only'),
  pg_is_in_recovery(), current_setting('lock_timeout'), current_setting('statement_timeout'),
  current_setting('server_encoding'), current_user,
  least(
    current_setting('max_connections')::integer - (case when r.rolsuper then 0 else current_setting('superuser_reserved_connections')::integer end)
      - (select count(*) from pg_stat_activity where backend_type = 'client backend'),
    case when r.rolconnlimit < 0 then 2147483647
      else r.rolconnlimit - (select count(*) from pg_stat_activity where usename = current_user) end),
  has_database_privilege(current_database(), 'CREATE'),
  (select coalesce(string_agg(nspname, ' '), '') from pg_namespace
    where nspname in ('hindcast', 'read') and not pg_has_role(nspowner, 'USAGE'))
from pg_roles r where r.rolname = current_user`
const NOW = 'select extract(epoch from clock_timestamp()) * 1000'

/** Asks a server. Our own connection counts as one that is there. */
export async function serverFacts(session: Session): Promise<ServerFacts> {
  const { rows } = await session.query(FACTS)
  const [
    version,
    number,
    fsync,
    fullPageWrites,
    synchronousCommit,
    readOnly,
    standby,
    lock,
    statement,
    encoding,
    user,
  ] = rows[0] as string[]
  const [free, mayCreate, foreign = ''] = (rows[0] as string[]).slice(11)
  const before = Date.now()
  const [now] = (await session.query(NOW)).rows[0] as string[]
  const after = Date.now()
  return {
    ...{ version: version!, versionNumber: Number(number), fsync: fsync!, fullPageWrites: fullPageWrites! },
    ...{ synchronousCommit: synchronousCommit!, readOnly: readOnly!, isStandby: standby === 't' },
    ...{ lockTimeout: lock!, statementTimeout: statement!, encoding: encoding!, user: user! },
    freeConnections: Number(free),
    mayCreateSchemas: mayCreate === 't',
    foreignSchemas: foreign === '' ? [] : foreign.split(' '),
    clockAheadMs: Math.round(Number(now) - (before + after) / 2),
    clockErrorMs: Math.ceil((after - before) / 2),
  }
}
