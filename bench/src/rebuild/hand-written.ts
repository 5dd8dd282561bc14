import pg from 'pg'
import type { RawEvent } from '../store/log-ground.js'
import type { BenchDatabase } from './bench-database.js'
import { measuring, type Replay } from './measuring.js'

const BATCH = 5000
/** Where the hand-written pipeline keeps its rows. */
export const HAND_WRITTEN_TABLE = 'bench_hand.balances'

const TABLES = `create schema bench_hand;
create table bench_hand.balances (id text collate "C" primary key, cents bigint not null, events integer not null);
create table bench_hand.checkpoint (done bigint not null); insert into bench_hand.checkpoint values (0)`
const UPSERT = `insert into bench_hand.balances select * from unnest($1::text[], $2::bigint[], $3::integer[])
on conflict (id) do update set cents = bench_hand.balances.cents + excluded.cents, events = bench_hand.balances.events + excluded.events`

/**
 * What one would write by hand for this one read model: sums of 5,000 events at a time, added by one multi-row upsert in the
 * transaction of one checkpoint, while the next ones are read.
 *
 * @param rowOf - the row that an event is counted in; none for an event that is not counted
 */
export async function handWritten(
  read: () => AsyncIterable<readonly RawEvent[]>,
  database: BenchDatabase,
  rowOf: (event: RawEvent) => string | undefined,
  events: number,
): Promise<Replay> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(TABLES)
  try {
    return await measuring(events, Promise.resolve(), pipeline(client, read, rowOf))
  } finally {
    await client.end()
  }
}

async function pipeline(
  client: pg.Client,
  read: () => AsyncIterable<readonly RawEvent[]>,
  rowOf: (event: RawEvent) => string | undefined,
): Promise<void> {
  let sums = new Map<string, { cents: number; events: number }>()
  let taken = 0
  let writing = Promise.resolve()
  const flush = async (): Promise<void> => {
    await writing
    writing = write(client, sums, taken)
    sums = new Map()
    taken = 0
  }
  for await (const batch of read())
    for (const event of batch) {
      const id = rowOf(event)
      if (id !== undefined) {
        const { cents = 0 } = JSON.parse(event.data) as { cents?: number }
        const sum = sums.get(id)
        if (sum) {
          sum.cents += cents
          sum.events++
        } else sums.set(id, { cents, events: 1 })
      }
      if (++taken === BATCH) await flush()
    }
  await flush()
  await writing
}

async function write(
  client: pg.Client,
  sums: ReadonlyMap<string, { readonly cents: number; readonly events: number }>,
  taken: number,
): Promise<void> {
  const values = [...sums.values()]
  await client.query('begin')
  await client.query('update bench_hand.checkpoint set done = done + $1', [taken])
  await client.query({
    name: 'upsert',
    text: UPSERT,
    values: [[...sums.keys()], values.map(({ cents }) => cents), values.map(each => each.events)],
  })
  await client.query('commit')
}
