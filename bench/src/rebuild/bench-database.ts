import pg from 'pg'

const SERVER = process.env['POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test'

/** A database of this run's own, dropped with it; the server's settings are as they are. */
export class BenchDatabase implements AsyncDisposable {
  private constructor(
    readonly url: string,
    private readonly name: string,
  ) {}

  static async create(): Promise<BenchDatabase> {
    const name = `hindcast_bench_${process.pid}`
    await run(SERVER, `drop database if exists ${name} with (force)`)
    await run(SERVER, `create database ${name}`)
    const url = new URL(SERVER)
    url.pathname = `/${name}`
    return new BenchDatabase(url.href, name)
  }

  /** How the server commits. */
  async durability(): Promise<string> {
    const [row] = await this.query<{ found: string }>(
      `select 'synchronous_commit ' || current_setting('synchronous_commit') || ', fsync ' || current_setting('fsync') found`,
    )
    return row!.found
  }

  query<T extends object>(text: string): Promise<T[]> {
    return run<T>(this.url, text)
  }

  /** Drops everything that a read model has left. */
  async clear(): Promise<void> {
    const schemas = await this.query<{ name: string }>(
      `select nspname as name from pg_namespace where nspname in ('hindcast', 'read') or nspname like 'bench%'`,
    )
    for (const { name } of schemas) await this.query(`drop schema ${name} cascade`)
    await this.query('checkpoint')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run(SERVER, `drop database ${this.name} with (force)`)
  }
}

async function run<T extends object>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}
