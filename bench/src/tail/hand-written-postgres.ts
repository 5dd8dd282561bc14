import pg from 'pg'
import { ADD, HAND_WRITTEN, READ, type HandWritten } from './hand-written.js'

/** As many as the log has partitions. */
const WRITERS = 8

/** By hand in PostgreSQL: one statement an event; readers are woken by NOTIFY in the same transaction. */
export async function handWrittenPostgres(url: string): Promise<HandWritten> {
  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return client
  }
  const [reader, ...writers] = await Promise.all(Array.from({ length: WRITERS + 1 }, open))
  const lines = writers.map(client => new Line(client))
  const reading = new Line(reader!)
  const told = new Map<string, () => void>()
  await reader!.query(HAND_WRITTEN)
  await reader!.query('listen bench_moved')
  reader!.on('notification', ({ payload = '' }) => told.get(payload)?.())
  let turn = 0

  const write = (work: (client: pg.Client) => Promise<void>): Promise<void> =>
    lines[turn++ % WRITERS]!.do(work)
  const add = async (client: pg.Client, row: string, cents: number): Promise<void> => {
    await client.query({ name: 'add', text: ADD, values: [row, cents] })
  }
  return {
    add: (row, cents) => write(client => add(client, row, cents)),
    async addAndRead(row, cents) {
      const id = String(turn)
      const news = new Promise<void>(resolve => told.set(id, resolve))
      await write(async client => {
        await client.query('begin')
        await add(client, row, cents)
        await client.query({ name: 'tell', text: "select pg_notify('bench_moved', $1)", values: [id] })
        await client.query('commit')
      })
      await news
      told.delete(id)
      await reading.do(async client => {
        await client.query({ name: 'read', text: READ, values: [row] })
      })
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([reader!, ...writers].map(client => client.end()))
    },
  }
}

/** A connection that does one thing after the other. */
class Line {
  #last = Promise.resolve()

  constructor(private readonly client: pg.Client) {}

  do(work: (client: pg.Client) => Promise<void>): Promise<void> {
    return (this.#last = this.#last.then(() => work(this.client)))
  }
}
