import { Bell } from '../memory/bell.js'
import type { Row } from '../projection/declare/column-types.js'
import type { ProjectionDefinition, RowProjectionDefinition } from '../projection/definition/definition.js'
import {
  ProjectionUnknownError,
  ReadModelMissingError,
  ReadModelOfAnotherLogError,
  ReadModelsClosedError,
  ReadModelShapeError,
  SqlUnsupportedError,
} from './errors.js'
import { MemoryTable } from './memory-table.js'
import type { ParkedEvent, PassedEvent } from './parked-event.js'
import type { ParkedRequest, RequestOutcome } from './parked-request.js'
import type {
  CheckpointKey,
  Claim,
  EventPlace,
  Fence,
  ProjectionVersion,
  ReadModelStore,
  ReadModelTx,
  ReadQuery,
  ReadSnapshot,
  TransactResult,
} from './read-model-store.js'
import type { OwnerReport, Standing } from './standing.js'

/** Tables in memory that several stores may share, as processes share a database. */
export type MemoryTables = Map<string, MemoryTable>

/**
 * Rows and checkpoints in memory: for tests, for trying things out, and as the reference of what every read-model store
 * does. It keeps the tables it is given, so that another store opened on them goes on where this one ended.
 */
export class MemoryReadModelStore implements ReadModelStore {
  readonly #tables: MemoryTables
  #closed = false

  constructor(tables: MemoryTables = new Map()) {
    this.#tables = tables
  }

  /** As {@link ReadModelStore.prepare}. */
  async prepare(projection: ProjectionDefinition, logs: readonly string[]): Promise<void> {
    this.#refuseWhenClosed('preparing tables')
    if (projection.kind === 'sql') throw new SqlUnsupportedError('every @Project method', projection.name)
    const name = tableName({ projection: projection.name, version: projection.version })
    const table = this.#tables.get(name)
    if (table) refuseMismatch(table, projection, logs)
    else this.#tables.set(name, new MemoryTable(projection))
  }

  /** As {@link ReadModelStore.look}. */
  async look(projection: ProjectionDefinition, logs: readonly string[]): Promise<void> {
    this.#refuseWhenClosed('looking for tables')
    const version = { projection: projection.name, version: projection.version }
    if (!this.#tables.has(tableName(version))) throw new ReadModelMissingError('the memory', version)
    await this.prepare(projection, logs)
  }

  /** As {@link ReadModelStore.claim}. */
  async claim(at: CheckpointKey): Promise<Claim> {
    return this.#table(at, 'claiming a checkpoint').claim(at)
  }

  /** As {@link ReadModelStore.checkpoint}. */
  async checkpoint(at: CheckpointKey): Promise<bigint> {
    return this.#table(at, 'asking for a checkpoint').partition(at).next
  }

  /** As {@link ReadModelStore.transact}. */
  async transact(fence: Fence, work: (tx: ReadModelTx) => Promise<void>): Promise<TransactResult> {
    return this.#table(fence, 'a transaction').transact(fence, work)
  }

  /** As {@link ReadModelStore.load}. */
  async load(projection: ProjectionVersion, keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return this.#table(projection, 'loading rows').load(keys)
  }

  /** As {@link ReadModelStore.read}. */
  async read(projection: ProjectionVersion, query: ReadQuery, at?: EventPlace): Promise<ReadSnapshot> {
    const table = this.#table(projection, 'a read')
    if (query.kind === 'sql') throw new SqlUnsupportedError('a query', projection.projection)
    const rows = query.kind === 'key' ? table.row(query.key) : table.all()
    if (!at) return { rows }
    const partition = table.partition(at)
    const parked = partition.parkedAt(at.offset, query.kind === 'key' ? query.key : undefined)
    return { rows, reached: partition.next, ...(parked && { parked }) }
  }

  /** As {@link ReadModelStore.moved}. */
  async moved(at: CheckpointKey, beyond: bigint, signal: AbortSignal): Promise<void> {
    const table = this.#table(at, 'waiting for a checkpoint')
    while (!signal.aborted && table.partition(at).next <= beyond) await Bell.next([table.moved], signal)
  }

  /** As {@link ReadModelStore.parked}. */
  async parked(at: CheckpointKey): Promise<readonly ParkedEvent[]> {
    return this.#table(at, 'listing parked events').partition(at).parked()
  }

  /** As {@link ReadModelStore.passed}. */
  async passed(at: CheckpointKey): Promise<readonly PassedEvent[]> {
    return this.#table(at, 'listing passed events').partition(at).passed()
  }

  /** As {@link ReadModelStore.request}. */
  async request(request: ParkedRequest): Promise<void> {
    this.#table(request, 'a request').requests.add(request)
  }

  /** As {@link ReadModelStore.requests}. */
  async requests(projection: ProjectionVersion): Promise<readonly ParkedRequest[]> {
    return this.#table(projection, 'listing requests').requests.open()
  }

  /** As {@link ReadModelStore.answerTo}. */
  async answerTo(projection: ProjectionVersion, id: string): Promise<RequestOutcome | undefined> {
    return this.#table(projection, 'asking for an answer').requests.answerTo(id)
  }

  /** As {@link ReadModelStore.report}. */
  async report(at: CheckpointKey, epoch: bigint, report: OwnerReport): Promise<boolean> {
    return this.#table(at, 'a report').partition(at).report(epoch, report)
  }

  /** As {@link ReadModelStore.standing}. */
  async standing(projection: ProjectionVersion): Promise<readonly Standing[]> {
    const places = this.#table(projection, 'asking for the standing').places()
    return places.map(({ log, partition, state }) => state.standing({ log, partition }))
  }

  /** Ends it; idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
  }

  #table(projection: ProjectionVersion, operation: string): MemoryTable {
    this.#refuseWhenClosed(operation)
    const name = tableName(projection)
    const table = this.#tables.get(name)
    if (!table) throw new ProjectionUnknownError(name, [...this.#tables.keys()])
    return table
  }

  #refuseWhenClosed(operation: string): void {
    if (this.#closed) throw new ReadModelsClosedError(operation)
  }
}

function refuseMismatch(table: MemoryTable, now: RowProjectionDefinition, logs: readonly string[]): void {
  const [found, wanted] = [shapeOf(table.projection), shapeOf(now)]
  if (found !== wanted) throw new ReadModelShapeError(now.name, now.version, found, wanted)
  const foreign = new Set(table.places().map(({ log }) => log))
  for (const log of logs) foreign.delete(log)
  if (foreign.size > 0) throw new ReadModelOfAnotherLogError(now.name, now.version, [...foreign], logs)
}

/** What its tables look like: `(id text key, cents bigint)`. */
function shapeOf({ row }: RowProjectionDefinition): string {
  const columns = row.columns.map(
    ({ name, type, nullable }) =>
      `${name} ${type}${nullable ? ' null' : ''}${name === row.key.name ? ' key' : ''}`,
  )
  return `(${columns.join(', ')})`
}

function tableName({ projection, version }: ProjectionVersion): string {
  return `${projection}_v${version}`
}
