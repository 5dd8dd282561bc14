import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogPlace } from '../projections/appending.js'
import { OwnDatabase } from '../servers/own-database.js'
import { until } from '../projections/until.js'
import { defectsOf, type Found } from './checker.js'
import { WISHES, type Wish } from './keys.js'
import { Ledger, REFUSALS } from './ledger.js'
import type { ServiceOrder } from './protocol.js'
import { Service } from './service.js'

const PATIENCE_MS = 120_000

/** What a deployment is to be. */
export interface DeploymentPlan {
  readonly log: (folder: string) => LogPlace
  /** How many aggregates each process keeps. */
  readonly cachedAggregates: number
}

/** A log, a PostgreSQL database and processes of both builds on them, with load on each process as long as it runs. */
export class Deployment implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'hindcast-rolling-'))
  readonly ledger: Ledger = new Ledger()
  readonly #database: OwnDatabase
  readonly log: LogPlace
  readonly #cachedAggregates: number
  readonly #services: Service[] = []
  readonly #loads: { stop(): Promise<void> }[] = []

  private constructor(database: OwnDatabase, { log, cachedAggregates }: DeploymentPlan) {
    this.#database = database
    this.#cachedAggregates = cachedAggregates
    this.log = log(join(this.folder, 'log'))
  }

  static async make(server: string, plan: DeploymentPlan): Promise<Deployment> {
    return new Deployment(await OwnDatabase.make(server), plan)
  }

  get url(): string {
    return this.#database.url
  }

  /** Starts a process. */
  async startCalm(build: ServiceOrder['build'], run: ServiceOrder['run']): Promise<Service> {
    const dataDir = join(this.folder, `data-${this.#services.length}`)
    const cachedAggregates = this.#cachedAggregates
    const service = new Service({ build, run, log: this.log, dataDir, cachedAggregates, url: this.url })
    this.#services.push(service)
    return await service.started()
  }

  /** Starts a process, and load on it. */
  async start(build: ServiceOrder['build'], run: ServiceOrder['run']): Promise<Service> {
    const service = await this.startCalm(build, run)
    this.#loads.push(this.ledger.load(service, build, WISHES[build]))
    return service
  }

  /** Ends the load on all processes; each answers what it was sent. */
  async calm(): Promise<void> {
    await Promise.all(this.#loads.splice(0).map(load => load.stop()))
  }

  /** Waits until everything that was acknowledged so far is in the read models, and nothing is wrong with them. */
  async settled(): Promise<void> {
    const before = new Set(
      this.ledger.sent.flatMap(({ id, outcome }) => (outcome === 'acknowledged' ? [id] : [])),
    )
    let defects: readonly string[] = []
    const isRight = async (): Promise<boolean> => {
      const found = await this.found()
      // What was acknowledged meanwhile may be there, or not yet.
      const sent = this.ledger.sent.map(each =>
        each.outcome === 'acknowledged' && !before.has(each.id)
          ? { ...each, outcome: 'unknown' as const }
          : each,
      )
      defects = defectsOf(sent, found)
      if (defects.length > 0) await new Promise(resolve => setTimeout(resolve, 200))
      return defects.length === 0
    }
    await until('the read models are right', isRight, PATIENCE_MS).catch((error: Error) => {
      throw new Error(`${error.message}: ${defects.slice(0, 20).join('; ')}`)
    })
  }

  /** What the read models have, as SQL sees them. */
  async found(): Promise<Found> {
    const rows = await this.#database.ask(
      'select id, count, entries from accounts_v1.accounts union all select id, count, entries from jars_v1.jars',
    )
    const entries = await this.#database.ask('select account, entry from entries_v1.entries')
    return {
      rows: rows.map(row => ({ ...row, count: BigInt(row['count'] as string) }) as Found['rows'][number]),
      entries: entries as unknown as Found['entries'],
    }
  }

  /** What a trial must not be without: each build's commands of each kind, and old commands refused for both reasons. */
  unusual(): readonly string[] {
    const unusual: string[] = []
    for (const build of ['old', 'new'] as const)
      for (const kind of new Set(WISHES[build].map((wish: Wish) => wish.kind)))
        if (this.ledger.acknowledged(build, kind) < 3) unusual.push(`${build}: few of ${kind}`)
    for (const code of ['HC_EVENT_NEWER_THAN_CODE', 'HC_EVENT_TYPE_UNKNOWN'])
      if (!this.ledger.codes.has(code)) unusual.push(`nothing was refused with ${code}`)
    for (const code of this.ledger.codes.keys())
      if (!REFUSALS.has(code)) unusual.push(`a command ended with ${code}`)
    return unusual
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const service of this.#services) await service[Symbol.asyncDispose]()
    await this.calm()
    await this.#database[Symbol.asyncDispose]()
    rmSync(this.folder, { recursive: true })
  }
}
