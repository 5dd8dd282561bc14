import type { Session } from '../driver/database.js'
import { ReadModelNewerError } from '../error/errors.js'

/** Raised with every change of the tables below. */
const FORMAT = 1

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
  projection text collate "C" not null,
  version integer not null,
  log text collate "C" not null,
  partition integer not null,
  next bigint not null,
  epoch bigint not null,
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
}
