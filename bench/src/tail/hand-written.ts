/** What one would write by hand for one read model, without a log, without batches, without a checkpoint. */
export interface HandWritten extends AsyncDisposable {
  /** Adds cents to a row, in a transaction of its own; resolves after the commit. */
  add(row: string, cents: number): Promise<void>
  /** The same, and then reads the row as somebody else who is told of it. */
  addAndRead(row: string, cents: number): Promise<void>
}

/** The table of the hand-written read model. */
export const HAND_WRITTEN = `create schema bench_hand;
create table bench_hand.balances (id text collate "C" primary key, cents bigint not null, events integer not null)`

/** Adds an event to a row. */
export const ADD = `insert into bench_hand.balances values ($1, $2, 1)
on conflict (id) do update set cents = bench_hand.balances.cents + excluded.cents, events = bench_hand.balances.events + 1`

/** The row of a key. */
export const READ = 'select id, cents, events from bench_hand.balances where id = $1'
