import { StoreView, type Halt } from '../read-model/store-view.js'
import type { LogPlace, ReadModelStore } from '../read-model/read-model-store.js'
import type { View } from '../read-model/view.js'
import type { ProjectionDefinition } from './definition.js'
import { FoldTarget } from './fold-target.js'
import type { ProjectionHealth } from './health.js'
import type { PartitionOwnership } from './partition-ownership.js'
import { PartitionWorker } from './partition-worker.js'
import type { LogSource, ReadModelsHost } from './projection-runtime.js'
import { rowSharing } from './row-sharing.js'

/** What one projection runs on. */
export interface ProcessParts {
  readonly host: ReadModelsHost
  readonly store: ReadModelStore
  readonly ownershipOf: (log: string) => PartitionOwnership
}

/** One projection in this process: a worker for each partition that this process owns, and the view that reads its rows. */
export class ProjectionProcess {
  readonly projection: ProjectionDefinition
  readonly view: View<object>
  readonly #parts: ProcessParts
  readonly #fed: readonly LogSource[]
  readonly #workers = new Map<string, PartitionWorker>()
  readonly #memberships: AsyncDisposable[] = []
  readonly #onHalt = new Set<() => void>()
  #closed = false

  private constructor(projection: ProjectionDefinition, parts: ProcessParts) {
    this.projection = projection
    this.#parts = parts
    this.#fed = parts.host.sources.filter(source => feeds(source, projection))
    this.view = new StoreView({
      projection,
      store: parts.store,
      logs: new Map(
        parts.host.sources.map(source => [
          source.store.logId,
          { partitions: source.store.partitions, feeds: this.#fed.includes(source) },
        ]),
      ),
      haltOf: place => this.#haltOf(place),
      onHalt: callback => {
        this.#onHalt.add(callback)
        return () => this.#onHalt.delete(callback)
      },
      isClosed: () => this.#closed,
    })
  }

  /** Starts the workers, unless this process has none. */
  static async start(projection: ProjectionDefinition, parts: ProcessParts): Promise<ProjectionProcess> {
    const process = new ProjectionProcess(projection, parts)
    if (parts.host.run === 'commands' || projection.kind !== 'rows') return process
    const target = new FoldTarget(projection, rowSharing(projection, parts.host.sources), parts.store)
    try {
      for (const source of process.#fed) await process.#join(source, target)
    } catch (error) {
      await process.stop()
      throw error
    }
    return process
  }

  /** How it stands in each partition of each log that feeds it. */
  async health(): Promise<readonly ProjectionHealth[]> {
    const all = this.#fed.flatMap(source =>
      Array.from({ length: source.store.partitions }, (_, partition) => this.#healthOf(source, partition)),
    )
    return Promise.all(all)
  }

  /** Finishes the batches in hand. Reads that wait are refused. */
  async stop(): Promise<void> {
    this.#closed = true
    this.#notify()
    for (const membership of this.#memberships.splice(0)) await membership[Symbol.asyncDispose]()
    await Promise.all([...this.#workers.keys()].map(key => this.#stopWorker(key)))
  }

  async #join(source: LogSource, target: FoldTarget): Promise<void> {
    const { logId, partitions } = source.store
    const group = `${this.projection.name}_v${this.projection.version}/${logId}`
    const membership = await this.#parts.ownershipOf(logId).join(group, partitions, {
      assigned: partition => {
        if (this.#closed) return
        const halted = (): void => this.#notify()
        const worker = new PartitionWorker({ target, store: this.#parts.store, source, partition, halted })
        this.#workers.set(keyOf({ log: logId, partition }), worker)
      },
      revoked: partition => this.#stopWorker(keyOf({ log: logId, partition })),
    })
    this.#memberships.push(membership)
  }

  async #stopWorker(key: string): Promise<void> {
    const worker = this.#workers.get(key)
    this.#workers.delete(key)
    await worker?.stop()
  }

  #haltOf(place: LogPlace): Halt | undefined {
    const status = this.#workers.get(keyOf(place))?.status
    return status?.state === 'paused' || status?.state === 'stopped'
      ? { state: status.state, error: status.error }
      : undefined
  }

  async #healthOf({ store }: LogSource, partition: number): Promise<ProjectionHealth> {
    const { name, version } = this.projection
    const at = { projection: name, version, log: store.logId, partition }
    const checkpoint = await this.#parts.store.checkpoint(at)
    const end = await store.end(partition)
    const status = this.#workers.get(keyOf(at))?.status
    return {
      ...at,
      state: status?.state ?? 'elsewhere',
      ...(status?.error !== undefined && { error: status.error }),
      checkpoint,
      end,
      lagEvents: checkpoint < end ? Number(end - checkpoint) : 0,
    }
  }

  #notify(): void {
    for (const callback of this.#onHalt) callback()
  }
}

/** False when the log has none of the projection's events. */
function feeds(source: LogSource, projection: ProjectionDefinition): boolean {
  return projection.events.some(event => source.categoriesOf?.(event)?.length !== 0)
}

function keyOf({ log, partition }: LogPlace): string {
  return `${log}/${partition}`
}
