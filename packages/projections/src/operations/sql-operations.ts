import {
  ProjectionUnknownError,
  ReadModelsClosedError,
  type CopyOptions,
  type CopyResult,
  type Newable,
  type ProjectionDefinition,
  type ReadModelOperations,
  type ReadModelsHost,
  type RebuildOptions,
  type RebuildResult,
  type ReleaseOptions,
  type RollbackOptions,
  type RollbackResult,
  type VersionStanding,
} from '@hindcast/core'
import type { Database } from '../driver/database.js'
import type { SqlReadModelStore } from '../store/sql-read-model-store.js'
import { copy } from '../rebuild/copy.js'
import type { OperationParts } from './parts.js'
import { rebuild } from '../rebuild/rebuild.js'
import { release } from './release.js'
import { rollback } from '../swap/rollback.js'
import { versionsIn } from './versions.js'

/** What operators do with read models that are SQL tables. Disposing interrupts what is under way and waits for that. */
export class SqlOperations implements ReadModelOperations, AsyncDisposable {
  readonly #parts: OperationParts
  readonly #closing = new AbortController()
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(host: ReadModelsHost, store: SqlReadModelStore, database: Pick<Database, 'name' | 'shared'>) {
    this.#parts = { host, store, database, closing: this.#closing.signal }
  }

  /** As {@link ReadModelOperations.rebuild}. */
  async rebuild(projection: Newable, options: RebuildOptions = {}): Promise<RebuildResult> {
    return this.#run('a rebuild', () => rebuild(this.#parts, this.#definition(projection), options))
  }

  /** As {@link ReadModelOperations.copy}. */
  async copy(projection: Newable, options: CopyOptions): Promise<CopyResult> {
    return this.#run('a copy', () => copy(this.#parts, this.#definition(projection), options))
  }

  /** As {@link ReadModelOperations.rollback}. */
  async rollback(projection: Newable | string, options: RollbackOptions = {}): Promise<RollbackResult> {
    return this.#run('a roll-back', async () => rollback(this.#parts, await this.#name(projection), options))
  }

  /** As {@link ReadModelOperations.release}. */
  async release(projection: Newable | string, options: ReleaseOptions = {}): Promise<readonly string[]> {
    return this.#run('a release', async () => release(this.#parts, await this.#name(projection), options))
  }

  /** As {@link ReadModelOperations.versions}. */
  async versions(): Promise<readonly VersionStanding[]> {
    const { store, database } = this.#parts
    return store.inSession('listing versions', session => versionsIn(session, database.name))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new ReadModelsClosedError('what is under way'))
    await Promise.allSettled(this.#underWay)
  }

  async #run<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (this.#closing.signal.aborted) throw new ReadModelsClosedError(operation)
    const running = work()
    this.#underWay.add(running)
    try {
      return await running
    } finally {
      this.#underWay.delete(running)
    }
  }

  #definition(type: Newable): ProjectionDefinition {
    const { projections } = this.#parts.host
    const found = projections.find(each => each.type === type)
    if (!found)
      throw new ProjectionUnknownError(
        type.name,
        projections.map(each => each.type.name),
      )
    return found
  }

  async #name(projection: Newable | string): Promise<string> {
    if (typeof projection !== 'string') return this.#definition(projection).name
    const known = new Set((await this.versions()).map(each => each.projection))
    if (!known.has(projection)) throw new ProjectionUnknownError(projection, [...known])
    return projection
  }
}
