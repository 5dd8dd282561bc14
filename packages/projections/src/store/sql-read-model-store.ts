import {
  ProjectionUnknownError,
  ReadModelMissingError,
  ReadModelsClosedError,
  type CheckpointKey,
  type Claim,
  type EventPlace,
  type Fence,
  type OwnerReport,
  type ParkedEvent,
  type ParkedRequest,
  type PassedEvent,
  type ProjectionDefinition,
  type ProjectionVersion,
  type ReadModelStore,
  type ReadModelTx,
  type ReadQuery,
  type ReadSnapshot,
  type RequestOutcome,
  type Row,
  type Standing,
  type TransactOptions,
  type TransactResult,
} from '@hindcast/core'
import { codedFailure } from '../driver/coded-failure.js'
import type { Database, Session } from '../driver/database.js'
import { PARKED, PARKED_KEYS, parkedEvent, PASSED, passedEvent, placeParams } from '../parking/parked-sql.js'
import { makeRequest, openRequests, outcomeOf } from '../parking/requests.js'
import { passHold, proveHold, type Hold } from '../hold/hold.js'
import { RowTable } from '../rows/row-table.js'
import { isThere, takeTurn } from '../schema/bookkeeping.js'
import { schemaName } from '../schema/names.js'
import { findVersion, prepareVersion } from '../schema/prepare-version.js'
import { CHECKPOINT, claimCheckpoint, READ_COMMITTED } from './checkpoint-sql.js'
import { Movement, placeName } from './movement.js'
import { News } from './news.js'
import { readAll, readKey, readSql, type ReadVersion } from './read.js'
import { keepReport, standingOf } from './standing.js'
import { commit, ThrownByWork, workBehind } from './work-behind.js'

/** How often a waiting reader looks by itself, in case that no notification comes. */
const POLL_MS = 250

/** Rows and checkpoints in PostgreSQL or PGlite. */
export class SqlReadModelStore implements ReadModelStore {
  readonly #database: Database
  readonly #versions = new Map<string, ReadVersion>()
  readonly #movement = new Movement()
  readonly #news: News
  #closed: Promise<void> | undefined

  constructor(database: Database) {
    this.#database = database
    this.#news = new News(database, this.#movement)
  }

  /** As {@link ReadModelStore.prepare}. */
  async prepare(projection: ProjectionDefinition, logs: readonly string[]): Promise<void> {
    const table = this.tableOf(projection)
    const version = { projection: projection.name, version: projection.version }
    await this.#coded('preparing tables', undefined, async session => {
      await session.script(READ_COMMITTED)
      await takeTurn(session, this.#database.name)
      await prepareVersion(session, version, projection, table, logs)
      await commit(session)
    })
    this.know(projection)
  }

  /** As {@link ReadModelStore.look}. */
  async look(projection: ProjectionDefinition, logs: readonly string[]): Promise<void> {
    const version = { projection: projection.name, version: projection.version }
    const { name } = this.#database
    const role = await this.#coded('looking for tables', undefined, async session =>
      (await isThere(session, name)) ? findVersion(session, version, projection, logs) : undefined,
    )
    if (role === undefined) throw new ReadModelMissingError(name, version)
    this.know(projection)
  }

  /** The table of a row projection, in a copy where one is named. */
  tableOf(projection: ProjectionDefinition, into?: string): RowTable | undefined {
    const { name, version } = projection
    const known = { projection: name, version, ...(into !== undefined && { into }) }
    return projection.kind === 'rows' ? new RowTable(projection, schemaName(known)) : undefined
  }

  /** Works on a schema that is there. */
  know(projection: ProjectionDefinition, into?: string): void {
    const { name, version } = projection
    const known = { projection: name, version, ...(into !== undefined && { into }) }
    this.#versions.set(schemaName(known), { ...known, table: this.tableOf(projection, into) })
  }

  /** As {@link ReadModelStore.claim}. */
  async claim(at: CheckpointKey, hold?: Hold): Promise<Claim> {
    this.#version(at)
    return this.#coded('claiming a checkpoint', at, async session => {
      await session.script(READ_COMMITTED)
      if (hold) await proveHold(session, hold)
      else await passHold(session, at)
      const claim = await claimCheckpoint(session, at)
      // A statement of its own, behind the claim: nobody else parks from here on, and what others parked before is seen.
      const keys = await session.query(PARKED_KEYS, placeParams(at), 'keep')
      await commit(session)
      return { ...claim, parkedKeys: new Set(keys.rows.map(([key]) => key!)) }
    })
  }

  /** As {@link ReadModelStore.checkpoint}. */
  async checkpoint(at: CheckpointKey): Promise<bigint> {
    this.#version(at)
    return this.#coded('asking for a checkpoint', at, async session => {
      const answer = await session.query(CHECKPOINT, placeParams(at), 'keep')
      return BigInt(answer.rows[0]?.[0] ?? 0)
    })
  }

  /** As {@link ReadModelStore.transact}. */
  async transact(
    fence: Fence,
    work: (tx: ReadModelTx) => Promise<void>,
    { loadsFirst, hold }: TransactOptions & { readonly hold?: Hold } = {},
  ): Promise<TransactResult> {
    const version = this.#version(fence)
    const result = await this.#coded('a transaction', version.table && fence, session =>
      workBehind(session, { database: this.#database, table: version.table, fence, work, loadsFirst, hold }),
    )
    if (result === 'committed') this.#news.tell(placeName(fence), fence.next)
    return result
  }

  /** As {@link ReadModelStore.load}. */
  async load(projection: ProjectionVersion, keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    const { table } = this.#version(projection)
    if (!table) throw new TypeError('a SQL projection has no rows to load')
    return this.#coded('loading rows', projection, async session =>
      table.rowsByKey(await session.query(table.load, [table.keys(keys)], 'keep')),
    )
  }

  /** As {@link ReadModelStore.read}. */
  async read(projection: ProjectionVersion, query: ReadQuery, at?: EventPlace): Promise<ReadSnapshot> {
    const version = this.#version(projection)
    return this.#coded('a read', query.kind === 'sql' ? undefined : projection, session => {
      switch (query.kind) {
        case 'key':
          return readKey(session, version, query.key, at)
        case 'all':
          return readAll(session, version, at)
        case 'sql':
          return readSql(session, version, query, at)
      }
    })
  }

  /** As {@link ReadModelStore.moved}. */
  async moved(at: CheckpointKey, beyond: bigint, signal: AbortSignal): Promise<void> {
    this.#news.listen()
    while (!signal.aborted) {
      const over = new AbortController()
      const either = AbortSignal.any([signal, over.signal])
      const heard = this.#movement.beyond(placeName(at), beyond, POLL_MS, either)
      try {
        if ((await this.checkpoint(at)) > beyond) return
        if (await heard) return
      } finally {
        over.abort()
      }
    }
  }

  /** As {@link ReadModelStore.parked}. */
  async parked(at: CheckpointKey): Promise<readonly ParkedEvent[]> {
    this.#version(at)
    return this.#coded('listing parked events', at, async session =>
      (await session.query(PARKED, placeParams(at))).rows.map(parkedEvent),
    )
  }

  /** As {@link ReadModelStore.passed}. */
  async passed(at: CheckpointKey): Promise<readonly PassedEvent[]> {
    this.#version(at)
    return this.#coded('listing passed events', at, async session =>
      (await session.query(PASSED, placeParams(at))).rows.map(passedEvent),
    )
  }

  /** As {@link ReadModelStore.request}. */
  async request(request: ParkedRequest): Promise<void> {
    this.#version(request)
    return this.#coded('a request', request, session => makeRequest(session, request))
  }

  /** As {@link ReadModelStore.requests}. */
  async requests(projection: ProjectionVersion): Promise<readonly ParkedRequest[]> {
    this.#version(projection)
    return this.#coded('listing requests', projection, session => openRequests(session, projection))
  }

  /** As {@link ReadModelStore.answerTo}. */
  async answerTo(projection: ProjectionVersion, id: string): Promise<RequestOutcome | undefined> {
    this.#version(projection)
    return this.#coded('asking for an answer', projection, session => outcomeOf(session, projection, id))
  }

  /** As {@link ReadModelStore.report}. */
  async report(at: CheckpointKey, epoch: bigint, report: OwnerReport): Promise<boolean> {
    this.#version(at)
    return this.#coded('a report', at, session => keepReport(session, at, epoch, report))
  }

  /** As {@link ReadModelStore.standing}. */
  async standing(projection: ProjectionVersion): Promise<readonly Standing[]> {
    this.#version(projection)
    return this.#coded('asking for the standing', projection, session => standingOf(session, projection))
  }

  /** Runs work of operators in one transaction, or several where it begins them itself. */
  inSession<T>(operation: string, work: (session: Session) => Promise<T>): Promise<T> {
    return this.#coded(operation, undefined, work)
  }

  /** Ends it; idempotent. */
  [Symbol.asyncDispose](): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    await this.#news[Symbol.asyncDispose]()
    await this.#database[Symbol.asyncDispose]()
  }

  #version(projection: ProjectionVersion): ReadVersion {
    const name = schemaName(projection)
    const version = this.#versions.get(name)
    if (!version) throw new ProjectionUnknownError(name, [...this.#versions.keys()])
    return version
  }

  /** @param about - whose tables it is about; undefined where the SQL is a user's own */
  async #coded<T>(
    operation: string,
    about: ProjectionVersion | undefined,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    if (this.#closed) throw new ReadModelsClosedError(operation)
    try {
      return await this.#database.session(work)
    } catch (error) {
      if (error instanceof ThrownByWork) throw error.thrown
      throw codedFailure(this.#database.name, error, about)
    }
  }
}
