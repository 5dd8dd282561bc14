import { randomBytes } from 'node:crypto'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { postgres } from '@hindcast/projections'
import { Client } from 'pg'
import { describe, inject, vi } from 'vitest'
import type { App } from '@hindcast/core'
import { Add } from '../app/counter.js'
import { Totals } from '../app/totals.js'
import { Workplace } from '../workplace.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server, on which tests make databases of their own; undefined where there is none. */
    postgresUrl?: string
    /** A folder with an empty PGlite, for tests to copy: making one takes seconds. */
    pgliteTemplate: string
  }
}

const server = inject('postgresUrl')

/** A suite on a PostgreSQL server. Without one it is left out, which the last line of the run says. */
export const postgresSuite = server === undefined ? describe.skip : describe

const config = (readModels: string): string => `
import { lmdb } from '@hindcast/lmdb-store'
import { pglite, postgres } from '@hindcast/projections'
import { defineConfig } from 'hindcast'
import { Counter } from './counter.js'
import { Totals } from './totals.js'

export default defineConfig({
  store: lmdb('./data/log', { partitions: 2 }),
  readModels: ${readModels},
  aggregates: [Counter],
  projections: [Totals],
})
`

/** A folder with an app whose read models are in a PostgreSQL database of its own. */
export class Shop implements AsyncDisposable {
  private constructor(
    readonly place: Workplace,
    readonly url: string,
    private readonly database: string,
  ) {}

  static async make(): Promise<Shop> {
    const database = `hindcast_test_${randomBytes(6).toString('hex')}`
    await Shop.admin(`create database ${database}`)
    const url = new URL(server!)
    url.pathname = `/${database}`
    const place = await Workplace.make(config(`postgres(${JSON.stringify(url.href)})`))
    return new Shop(place, url.href, database)
  }

  /** A folder with an app whose read models are in a folder beside it. */
  static async withPglite(): Promise<Workplace> {
    const place = await Workplace.make(config("pglite('./data/views')"))
    const views = join(place.folder, 'data/views')
    await cp(inject('pgliteTemplate'), join(views, 'pglite'), { recursive: true })
    await writeFile(join(views, 'hindcast-read-models.json'), '{"format":1,"made":true}')
    return place
  }

  /** The app of the folder, in this process, once every worker of it has told other processes that it is there. */
  async app(): Promise<App> {
    const app = await this.place.app({ readModels: postgres(this.url), projections: [Totals] })
    const untold = `select from hindcast.checkpoints c left join hindcast.reports r using (schema, log, partition, epoch)
      where r.report is null or r.reported_at < now() - interval '10 seconds'`
    const told = async (): Promise<boolean> => {
      const [claimed] = await this.query('select count(*)::integer as places from hindcast.checkpoints')
      const { places } = claimed as { readonly places: number }
      return places === app.store.partitions && (await this.query(untold)).length === 0
    }
    await vi.waitUntil(told, { timeout: 20_000, interval: 50 })
    return app
  }

  /** Runs a statement in the shop's database. */
  async run(statement: string): Promise<void> {
    await this.query(statement)
  }

  /** The rows of a statement in the shop's database. */
  query(statement: string): Promise<readonly object[]> {
    return Shop.admin(statement, this.url)
  }

  private static async admin(statement: string, connectionString = server!): Promise<readonly object[]> {
    const client = new Client({ connectionString })
    await client.connect()
    try {
      return (await client.query<object>(statement)).rows
    } finally {
      await client.end()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.place[Symbol.asyncDispose]()
    await Shop.admin(`drop database ${this.database} with (force)`)
  }
}

/** Adds to counters, one after the other, and waits until the projection has folded or parked each. */
export async function add(
  app: App,
  ...counts: readonly (readonly [key: string, count: number])[]
): Promise<void> {
  for (const [key, count] of counts) {
    const { position } = await app.execute(key, Add.of({ count }))
    await app
      .view(Totals)
      // Of a key of which something is parked, a read would be refused before this event is seen.
      .get('nobody', { atLeast: position, timeoutMs: 20_000 })
      .catch((error: { readonly code?: string }) => {
        if (error.code !== 'HC_READ_MODEL_PARKED') throw error
      })
  }
}
