import type { Session } from '../driver/database.js'
import { ReadModelNewerError } from '../error/errors.js'

/** Raised with every change of the tables below. */
const FORMAT = 2

const PLACE_COLUMNS = `
  projection text collate "C" not null,
  version integer not null,
  log text collate "C" not null,
  partition integer not null`

const EVENT_COLUMNS = `
  "offset" bigint not null,
  stream text not null,
  stream_version integer not null,
  type text not null,
  keys text[] not null,
  code text not null,
  message text not null,
  parked_at timestamptz not null,
  retries integer not null`

/** Kept apart from the checkpoints, so that one which somebody deletes is missed; they go with the row of their version. */
const CLAIMED = `
create table hindcast.claimed (
  ${PLACE_COLUMNS},
  primary key (projection, version, log, partition),
  foreign key (projection, version) references hindcast.projections on delete cascade
)`

/** Brings the tables of format 1 to today's. */
const UPGRADE = `${CLAIMED};
insert into hindcast.claimed select projection, version, log, partition from hindcast.checkpoints;
update hindcast.format set format = ${FORMAT}`

const TABLES = `
create schema if not exists hindcast;
create schema if not exists read;
create table hindcast.format (format integer not null);
insert into hindcast.format values (${FORMAT});
create table hindcast.projections (
  projection text collate "C" not null,
  version integer not null,
  kind text not null,
  shape text not null,
  active boolean not null,
  made_at timestamptz not null default now(),
  primary key (projection, version)
);
create unique index projections_active on hindcast.projections (projection) where active;
create table hindcast.views (
  name text collate "C" primary key,
  projection text collate "C" not null
);
create table hindcast.checkpoints (
  ${PLACE_COLUMNS},
  next bigint not null,
  epoch bigint not null,
  primary key (projection, version, log, partition)
) with (fillfactor = 50);
${CLAIMED};
create table hindcast.parked (
  ${PLACE_COLUMNS},
  ${EVENT_COLUMNS},
  primary key (projection, version, log, partition, "offset")
);
create table hindcast.passed (
  ${PLACE_COLUMNS},
  ${EVENT_COLUMNS},
  why text not null,
  reason text not null,
  primary key (projection, version, log, partition, "offset")
);
create table hindcast.requests (
  ${PLACE_COLUMNS},
  id text collate "C" not null,
  made bigint generated always as identity,
  action text not null,
  keys text[] not null,
  reason text not null,
  outcome jsonb,
  primary key (projection, version, id)
);
create index requests_open on hindcast.requests (projection, version, made) where outcome is null;
create table hindcast.reports (
  ${PLACE_COLUMNS},
  epoch bigint not null,
  report jsonb not null,
  reported_at timestamptz not null,
  primary key (projection, version, log, partition)
) with (fillfactor = 50)`

/** One for all processes: whoever makes schemas holds it until its transaction ends. */
const MAKING = 'select pg_advisory_xact_lock(7523094288207667809)'

/** Waits for its turn to make schemas, and makes the schema `hindcast` where it is missing. Inside a transaction. */
export async function takeTurn(session: Session, database: string): Promise<void> {
  await session.query(MAKING)
  const found = await session.query(`select to_regclass('hindcast.format')`)
  if (found.rows[0]![0] === null) await session.script(TABLES)
  const format = Number((await session.query('select format from hindcast.format')).rows[0]?.[0])
  if (format > FORMAT) throw new ReadModelNewerError(database, format, FORMAT)
  if (format < FORMAT) await session.script(UPGRADE)
}
