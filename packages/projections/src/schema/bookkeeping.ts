import type { Session } from '../driver/database.js'
import { ReadModelNewerError, ReadModelOlderError } from '../error/errors.js'

/** Raised with every change of the tables below. */
const FORMAT = 4

/** Everything about a schema goes with its row in hindcast.projections, and gets its new name when it is renamed. */
const SCHEMA =
  'schema text collate "C" not null references hindcast.projections on update cascade on delete cascade'
const PLACE_COLUMNS = `
  ${SCHEMA},
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

const TABLES = `
create schema if not exists hindcast;
create schema if not exists read;
create table hindcast.format (format integer not null);
insert into hindcast.format values (${FORMAT});
create table hindcast.projections (
  schema text collate "C" primary key,
  projection text collate "C" not null,
  version integer not null,
  role text not null,
  since timestamptz not null default now(),
  kind text not null,
  shape text not null,
  code text not null
);
create unique index projections_active on hindcast.projections (projection) where role = 'active';
create table hindcast.views (
  name text collate "C" primary key,
  projection text collate "C" not null
);
create table hindcast.checkpoints (
  ${PLACE_COLUMNS},
  next bigint not null,
  epoch bigint not null,
  moved_to bigint not null default 0,
  primary key (schema, log, partition),
  constraint set_by_hand_it_doubles_or_loses_events_rebuild_instead check (moved_to = next)
) with (fillfactor = 50);
create table hindcast.claimed (
  ${PLACE_COLUMNS},
  primary key (schema, log, partition)
);
create sequence hindcast.build_tokens;
create table hindcast.builds (
  ${SCHEMA} primary key,
  kind text not null,
  owner text not null,
  token bigint not null,
  wanted jsonb not null,
  begun_at timestamptz not null,
  until timestamptz not null
);
create table hindcast.parked (
  ${PLACE_COLUMNS},
  ${EVENT_COLUMNS},
  primary key (schema, log, partition, "offset")
);
create table hindcast.passed (
  ${PLACE_COLUMNS},
  ${EVENT_COLUMNS},
  why text not null,
  reason text not null,
  primary key (schema, log, partition, "offset")
);
create table hindcast.requests (
  ${PLACE_COLUMNS},
  id text collate "C" not null,
  made bigint generated always as identity,
  action text not null,
  keys text[] not null,
  reason text not null,
  outcome jsonb,
  primary key (schema, id)
);
create index requests_open on hindcast.requests (schema, made) where outcome is null;
create table hindcast.reports (
  ${PLACE_COLUMNS},
  epoch bigint not null,
  report jsonb not null,
  reported_at timestamptz not null,
  primary key (schema, log, partition)
) with (fillfactor = 50)`

/** One for all processes: whoever makes schemas holds it until its transaction ends. */
/**
 * The first epoch of a checkpoint that is made: beyond every one that a checkpoint in its place ever had, so that whoever claimed
 * a version before it was dropped and made anew stays fenced. A claim counts on from it.
 */
export const FIRST_EPOCH = "nextval('hindcast.build_tokens') << 32"

const MAKING = 'select pg_advisory_xact_lock(7523094288207667809)'

/** Waits for its turn to make schemas, and makes the schema `hindcast` where it is missing. Inside a transaction. */
export async function takeTurn(session: Session, database: string): Promise<void> {
  await session.query(MAKING)
  if (!(await isThere(session, database))) await session.script(TABLES)
}

/**
 * Whether there are the tables of schema `hindcast`.
 *
 * @throws ReadModelNewerError, ReadModelOlderError when they are not of this format
 */
export async function isThere(session: Session, database: string): Promise<boolean> {
  const found = await session.query(`select to_regclass('hindcast.format')`)
  if (found.rows[0]![0] === null) return false
  const format = Number((await session.query('select format from hindcast.format')).rows[0]?.[0])
  if (format > FORMAT) throw new ReadModelNewerError(database, format, FORMAT)
  if (format < FORMAT) throw new ReadModelOlderError(database, format, FORMAT)
  return true
}
