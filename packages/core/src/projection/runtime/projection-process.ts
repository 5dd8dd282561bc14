import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreView, type Halt } from '../../read-model/store-view.js'
import type { LogPlace, ProjectionVersion, ReadModelStore } from '../../read-model/read-model-store.js'
import type { View } from '../../read-model/view.js'
import type { HindcastError } from '../../error/hindcast-error.js'
import { systemClock } from '../../time/clock.js'
import type { ProjectionDefinition } from '../definition/definition.js'
import { projectionChannels } from '../diagnostics/channels.js'
import { feedingSources } from '../source/feeding-sources.js'
import { FoldTarget } from '../fold/fold-target.js'
import type { ProjectionHealth } from './health.js'
import { Inquiry, type Known } from './inquiry.js'
import { Opening } from './opening.js'
import { ParkedEvents } from '../parking/parked-events.js'
import { ageOfFirst, workerHealth } from './partition-health.js'
import type { PartitionOwnership } from '../ownership/partition-ownership.js'
import { PartitionWorker } from '../worker/partition-worker.js'
import type { WorkerStatus } from '../worker/worker-standing.js'
import type { LogSource } from '../source/log-source.js'
import type { ReadModelsHost } from './projection-runtime.js'

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
  readonly #opening: Opening
  readonly #inquiry: Inquiry
  #ticking: Promise<void> = Promise.resolve()
  #closed: Promise<void> | undefined

  constructor(projection: ProjectionDefinition, parts: ProcessParts) {
    this.projection = projection
    this.#version = { projection: projection.name, version: projection.version }
    this.#parts = parts
    this.#fed = feedingSources(projection, parts.host.sources)
    this.#inquiry = new Inquiry(parts.store, this.#version)
    this.#opening = new Opening({
      attempt: () => this.#openAll(),
      signal: this.#closing.signal,
      waiting: error => this.#say(true, error),
      refused: error => this.#say(false, error),
    })
    const mustBeOpen = (): void => {
      if (this.#opening.notOpen) throw this.#opening.notOpen.error
    }
    this.parked = new ParkedEvents({
      version: this.#version,
      store: parts.store,
      mustBeOpen,
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
      mustBeOpen,
    })
  }

  /**
   * Makes the tables and starts the workers, unless this process has none. Where that has to wait for the read models, it goes
   * on by itself when they are there, and the reason is given.
   *
   * @param known - what another projection waits for already
   * @throws what waiting does not help against
   */
  open(known?: HindcastError): Promise<HindcastError | undefined> {
    return this.#opening.open(known)
  }

  /** How it stands in each partition of each log that feeds it. */
  async health(): Promise<readonly ProjectionHealth[]> {
    const { notOpen } = this.#opening
    const known = notOpen ? { standings: [], failure: notOpen } : await this.#inquiry.ask()
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
    await this.#opening.end()
    await this.#leave()
    await this.#ticking
  }

  async #openAll(): Promise<void> {
    const { host, store } = this.#parts
    const logs = host.sources.map(source => source.store.logId)
    await (host.existing ? store.look(this.projection, logs) : store.prepare(this.projection, logs))
    if (host.run === 'commands') return
    const target = new FoldTarget(this.projection, host.sources, store)
    try {
      for (const source of this.#fed) await this.#join(source, target)
    } catch (error) {
      await this.#leave()
      throw error
    }
    this.#ticking = this.#tick()
  }

  async #leave(): Promise<void> {
    for (const membership of this.#memberships.splice(0)) await membership[Symbol.asyncDispose]()
    await Promise.all([...this.#workers.keys()].map(key => this.#stopWorker(key)))
  }

  async #join(source: LogSource, target: FoldTarget): Promise<void> {
    const { store } = this.#parts
    const { logId, partitions } = source.store
    const group = `${this.projection.name}_v${this.projection.version}/${logId}`
    const membership = await this.#parts.ownershipOf(logId).join(group, partitions, {
      assigned: partition => {
        if (this.#closing.signal.aborted) return
        const halted = (): void => this.#notify()
        // Until it speaks, other processes see nobody there.
        const claimed = (): Promise<void> => worker.report(OWNER).catch(() => undefined)
        const worker: PartitionWorker = new PartitionWorker({
          target,
          store,
          source,
          partition,
          halted,
          claimed,
        })
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
    const status = this.#statusOf({ log, partition })
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

  /** What the worker does, or would do if it could begin; undefined where this process has none. */
  #statusOf(place: LogPlace): WorkerStatus | undefined {
    const { notOpen } = this.#opening
    if (!notOpen || this.#parts.host.run === 'commands') return this.#workers.get(keyOf(place))?.status
    const { error, waits } = notOpen
    return {
      state: waits ? 'retrying' : 'stopped',
      error,
      checkpoint: 0n,
      eventsPerSecond: 0,
      settled: !waits,
    }
  }

  #say(waits: boolean, error: unknown): void {
    const { projection, version } = this.#version
    if (waits)
      for (const { store } of this.#fed)
        projectionChannels.waiting.publish({ logId: store.logId, projection, version, error })
    else
      for (const { log: logId, partition } of this.#places())
        projectionChannels.stopped.publish({ logId, projection, version, partition, checkpoint: 0n, error })
  }

  #notify(): void {
    for (const callback of this.#onHalt) callback()
  }
}

function keyOf({ log, partition }: LogPlace): string {
  return `${log}/${partition}`
}
