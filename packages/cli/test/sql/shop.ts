import { join } from 'node:path'
import { lmdb } from '@hindcast/lmdb-store'
import { postgres } from '@hindcast/projections'
import { vi } from 'vitest'
import type { App, StartOptions } from '@hindcast/core'
import { OwnDatabase } from '../../../../test/servers/own-database.js'
import { layPglite } from '../../../../test/servers/pglite-template.js'
import { postgresUrl } from '../../../../test/servers/suites.js'
import { Add } from '../app/counter.js'
import { Totals } from '../app/totals.js'
import { Workplace } from '../workplace.js'

/** A log, in the config file and in this process. */
export interface ShopLog {
  readonly text: string
  readonly open: (folder: string) => NonNullable<StartOptions['store']>
}

const LMDB: ShopLog = {
  text: "lmdb('./data/log', { partitions: 2 })",
  open: folder => lmdb(join(folder, 'data/log'), { partitions: 2 }),
}

const config = (readModels: string, log: ShopLog = LMDB): string => `
import { kafka } from '@hindcast/kafka-store'
import { lmdb } from '@hindcast/lmdb-store'
import { pglite, postgres } from '@hindcast/projections'
import { defineConfig } from 'hindcast'
import { Counter } from './counter.js'
import { Totals } from './totals.js'

export default defineConfig({
  store: ${log.text},
  readModels: ${readModels},
  aggregates: [Counter],
  projections: [Totals],
})
`

/** A folder with an app whose read models are in a PostgreSQL database of its own. */
export class Shop implements AsyncDisposable {
  private constructor(
    readonly place: Workplace,
    private readonly database: OwnDatabase,
    private readonly log: ShopLog,
  ) {}

  static async make(log = LMDB): Promise<Shop> {
    const database = await OwnDatabase.make(postgresUrl)
    const place = await Workplace.make(config(`postgres(${JSON.stringify(database.url)})`, log))
    return new Shop(place, database, log)
  }

  /** A folder with an app whose read models are in a folder beside it. */
  static async withPglite(): Promise<Workplace> {
    const place = await Workplace.make(config("pglite('./data/views')"))
    layPglite(join(place.folder, 'data/views'))
    return place
  }

  /** The address of its database. */
  get url(): string {
    return this.database.url
  }

  /** The app of the folder, in this process, once every worker of it has told other processes that it is there. */
  async app(): Promise<App> {
    const app = await this.place.app({
      store: this.log.open(this.place.folder),
      readModels: postgres(this.url),
      projections: [Totals],
    })
    const untold = `select from hindcast.checkpoints c left join hindcast.reports r using (schema, log, partition, epoch)
      where r.report is null or r.reported_at < now() - interval '10 seconds'`
    const told = async (): Promise<boolean> => {
      const [claimed] = await this.query('select count(*)::integer as places from hindcast.checkpoints')
      const { places } = claimed as { readonly places: number }
      return places === app.store.partitions && (await this.query(untold)).length === 0
    }
    await vi.waitUntil(told, { timeout: 40_000, interval: 50 })
    return app
  }

  /** From now on the verbs reach the database as a role that may do nothing there. Gives its name. */
  async strangerLooks(): Promise<string> {
    const role = await this.database.makeRole()
    const url = new URL(this.url)
    url.username = role
    await this.place.write('hindcast.config.ts', config(`postgres(${JSON.stringify(url.href)})`, this.log))
    return role
  }

  /** Runs a statement in the shop's database. */
  async run(statement: string): Promise<void> {
    await this.query(statement)
  }

  /** The rows of a statement in the shop's database. */
  query(statement: string): Promise<readonly object[]> {
    return this.database.ask(statement)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.place[Symbol.asyncDispose]()
    await this.database[Symbol.asyncDispose]()
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
      .get('nobody', { atLeast: position, timeoutMs: 60_000 })
      .catch((error: { readonly code?: string }) => {
        if (error.code !== 'HC_READ_MODEL_PARKED') throw error
      })
  }
}
