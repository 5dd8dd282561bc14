import { Bell } from '../memory/bell.js'
import type { ProjectionDefinition } from '../projection/definition.js'
import { ProjectionUnknownError, ReadModelsClosedError, SqlUnsupportedError } from './errors.js'
import { MemoryTable } from './memory-table.js'
import type {
  CheckpointKey,
  Claim,
  Fence,
  LogPlace,
  ProjectionVersion,
  ReadModelStore,
  ReadModelTx,
  ReadQuery,
  ReadSnapshot,
  TransactResult,
} from './read-model-store.js'

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
  async prepare(projection: ProjectionDefinition): Promise<void> {
    this.#refuseWhenClosed('preparing tables')
    if (projection.kind === 'sql') throw new SqlUnsupportedError('every @Project method', projection.name)
    const name = tableName({ projection: projection.name, version: projection.version })
    if (!this.#tables.has(name)) this.#tables.set(name, new MemoryTable(projection))
  }

  /** As {@link ReadModelStore.claim}. */
  async claim(at: CheckpointKey): Promise<Claim> {
    return this.#table(at, 'claiming a checkpoint').claim(at)
  }

  /** As {@link ReadModelStore.checkpoint}. */
  async checkpoint(at: CheckpointKey): Promise<bigint> {
    return this.#table(at, 'asking for a checkpoint').checkpoint(at).next
  }

  /** As {@link ReadModelStore.transact}. */
  async transact(fence: Fence, work: (tx: ReadModelTx) => Promise<void>): Promise<TransactResult> {
    return this.#table(fence, 'a transaction').transact(fence, work)
  }

  /** As {@link ReadModelStore.read}. */
  async read(projection: ProjectionVersion, query: ReadQuery, at?: LogPlace): Promise<ReadSnapshot> {
    const table = this.#table(projection, 'a read')
    if (query.kind === 'sql') throw new SqlUnsupportedError('a query', projection.projection)
    const rows = query.kind === 'key' ? table.row(query.key) : table.all()
    return { rows, ...(at && { reached: table.checkpoint(at).next }) }
  }

  /** As {@link ReadModelStore.moved}. */
  async moved(at: CheckpointKey, beyond: bigint, signal: AbortSignal): Promise<void> {
    const table = this.#table(at, 'waiting for a checkpoint')
    while (!signal.aborted && table.checkpoint(at).next <= beyond) await Bell.next([table.moved], signal)
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

function tableName({ projection, version }: ProjectionVersion): string {
  return `${projection}_v${version}`
}
