import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreView, type Halt } from '../read-model/store-view.js'
import type { LogPlace, ProjectionVersion, ReadModelStore } from '../read-model/read-model-store.js'
import type { Standing } from '../read-model/standing.js'
import type { View } from '../read-model/view.js'
import { systemClock } from '../time/clock.js'
import type { ProjectionDefinition } from './definition.js'
import { FoldTarget } from './fold-target.js'
import type { ProjectionHealth } from './health.js'
import { ParkedEvents } from './parked-events.js'
import { ageOfFirst, workerHealth } from './partition-health.js'
import type { PartitionOwnership } from './partition-ownership.js'
import { PartitionWorker } from './partition-worker.js'
import type { LogSource, ReadModelsHost } from './projection-runtime.js'

/** How often requests are looked for and changed states are told. */
const TICK_MS = 1_000
/** A state is told again after so many ticks, so that others see that the worker lives. */
const REPORT_EVERY_TICKS = 5
const OWNER = `${hostname()}:${process.pid}`

/** What one projection runs on. */
export interface ProcessParts {
  readonly host: ReadModelsHost
  readonly store: ReadModelStore
  readonly ownershipOf: (log: string) => PartitionOwnership
}

/** What the read models say of a projection, or why they say nothing. */
interface Known {
  readonly standings: readonly Standing[]
  readonly failure: { readonly error: unknown } | undefined
}

/** One projection in this process: a worker for each partition that this process owns, and the ways to look at it. */
export class ProjectionProcess {
  readonly projection: ProjectionDefinition
  readonly view: View<object>
  readonly parked: ParkedEvents
  readonly #parts: ProcessParts
  readonly #version: ProjectionVersion
  readonly #fed: readonly LogSource[]
  readonly #workers = new Map<string, PartitionWorker>()
  readonly #memberships: AsyncDisposable[] = []
  readonly #onHalt = new Set<() => void>()
  readonly #closing = new AbortController()
  #ticking: Promise<void> = Promise.resolve()
  #closed: Promise<void> | undefined

  private constructor(projection: ProjectionDefinition, parts: ProcessParts) {
    this.projection = projection
    this.#version = { projection: projection.name, version: projection.version }
    this.#parts = parts
    this.#fed = parts.host.sources.filter(source => feeds(source, projection))
    this.parked = new ParkedEvents({
      version: this.#version,
      store: parts.store,
      places: this.#places(),
      requested: () => this.#answerRequests(),
    })
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
      isClosed: () => this.#closing.signal.aborted,
    })
  }

  /** Starts the workers, unless this process has none. */
  static async start(projection: ProjectionDefinition, parts: ProcessParts): Promise<ProjectionProcess> {
    const process = new ProjectionProcess(projection, parts)
    if (parts.host.run === 'commands') return process
    const target = new FoldTarget(projection, parts.host.sources, parts.store)
    try {
      for (const source of process.#fed) await process.#join(source, target)
      process.#ticking = process.#tick()
    } catch (error) {
      await process.stop()
      throw error
    }
    return process
  }

  /** How it stands in each partition of each log that feeds it. */
  async health(): Promise<readonly ProjectionHealth[]> {
    const known = await this.#parts.store.standing(this.#version).then(
      standings => ({ standings, failure: undefined }),
      (error: unknown) => ({ standings: [], failure: { error } }),
    )
    return Promise.all(this.#places().map(place => this.#healthOf(place, known)))
  }

  /** What its workers have in hand, a sentence each. */
  get inHand(): readonly string[] {
    return [...this.#workers.values()].flatMap(worker => worker.inHand ?? [])
  }

  /** Finishes the batches in hand. Reads that wait are refused. */
  stop(): Promise<void> {
    this.#closed ??= this.#stop()
    return this.#closed
  }

  async #stop(): Promise<void> {
    this.#closing.abort()
    this.#notify()
    for (const membership of this.#memberships.splice(0)) await membership[Symbol.asyncDispose]()
    await Promise.all([...this.#workers.keys()].map(key => this.#stopWorker(key)))
    await this.#ticking
  }

  async #join(source: LogSource, target: FoldTarget): Promise<void> {
    const { store } = this.#parts
    const { logId, partitions } = source.store
    const group = `${this.projection.name}_v${this.projection.version}/${logId}`
    const membership = await this.#parts.ownershipOf(logId).join(group, partitions, {
      assigned: partition => {
        if (this.#closing.signal.aborted) return
        const halted = (): void => this.#notify()
        const worker = new PartitionWorker({ target, store, source, partition, halted })
        this.#workers.set(keyOf({ log: logId, partition }), worker)
      },
      revoked: partition => this.#stopWorker(keyOf({ log: logId, partition })),
    })
    this.#memberships.push(membership)
  }

  async #stopWorker(key: string): Promise<void> {
    const worker = this.#workers.get(key)
    await worker?.stop()
    if (this.#workers.get(key) === worker) this.#workers.delete(key)
  }

  /** Answers requests and tells other processes how the workers stand, until it is closed. */
  async #tick(): Promise<void> {
    const { signal } = this.#closing
    const told = new Map<PartitionWorker, string>()
    for (let tick = 0; !signal.aborted; tick++) {
      // Trouble of the store is the workers' to tell; here it means that nothing is asked and told for a while.
      await this.#answerRequests().catch(() => undefined)
      for (const worker of this.#workers.values()) {
        const { state } = worker.status
        if (told.get(worker) === state && tick % REPORT_EVERY_TICKS > 0) continue
        await worker.report(OWNER).then(
          () => told.set(worker, state),
          () => undefined,
        )
      }
      await sleep(TICK_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  async #answerRequests(): Promise<void> {
    if (this.#workers.size === 0) return
    for (const request of await this.#parts.store.requests(this.#version))
      await this.#workers.get(keyOf(request))?.answer(request)
  }

  #haltOf(place: LogPlace): Halt | undefined {
    const status = this.#workers.get(keyOf(place))?.status
    return status?.state === 'paused' || status?.state === 'stopped'
      ? { state: status.state, error: status.error }
      : undefined
  }

  #places(): readonly (LogPlace & { readonly source: LogSource })[] {
    return this.#fed.flatMap(source =>
      Array.from({ length: source.store.partitions }, (_, partition) => ({
        log: source.store.logId,
        partition,
        source,
      })),
    )
  }

  async #healthOf(
    { log, partition, source }: LogPlace & { readonly source: LogSource },
    { standings, failure }: Known,
  ): Promise<ProjectionHealth> {
    const standing = standings.find(each => each.log === log && each.partition === partition)
    const status = this.#workers.get(keyOf({ log, partition }))?.status
    const worker = workerHealth({ standing, status, failure, owner: OWNER })
    const { checkpoint } = worker
    const end = await source.store.end(partition)
    const clock = this.#parts.host.clock ?? systemClock
    const lagMs = checkpoint < end ? await ageOfFirst(source.store, partition, checkpoint, clock) : 0
    return {
      ...this.#version,
      log,
      partition,
      ...worker,
      end,
      lagEvents: checkpoint < end ? Number(end - checkpoint) : 0,
      ...(lagMs !== undefined && { lagMs }),
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
