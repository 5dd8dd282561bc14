import type { ProjectionDefinition } from '../projection/definition/definition.js'
import { rowKeyProblem } from '../projection/row/row-key.js'
import { PositionError } from '../store/errors.js'
import { parsePosition, type PositionParts } from '../store/position.js'
import {
  ProjectionStoppedError,
  ReadModelBehindError,
  ReadModelParkedError,
  ReadModelsClosedError,
  ReadOptionsError,
} from './errors.js'
import type { LogPlace, ProjectionVersion, ReadModelStore, ReadQuery } from './read-model-store.js'
import type { BuiltQuery, ReadOptions, View } from './view.js'

const DEFAULT_TIMEOUT_MS = 5_000
/** The longest that a timer of Node can wait. */
const MAX_TIMEOUT_MS = 2_147_483_647

const PROBE: ReadQuery = { kind: 'sql', text: 'select 1', params: [] }

/** A log that a view knows. */
export interface ViewLog {
  /** How many partitions the log has. */
  readonly partitions: number
  /** False when the projection has no event of this log: it has then seen everything of it that it ever will. */
  readonly feeds: boolean
}

/** Why a partition goes no further. */
export interface Halt {
  /** What its worker does. */
  readonly state: 'paused' | 'stopped'
  /** What was thrown. */
  readonly error: unknown
}

/** What a view on a read-model store is made of. */
export interface ViewParts {
  /** The projection that is read. */
  readonly projection: ProjectionDefinition
  /** Where its rows are. */
  readonly store: ReadModelStore
  /** By log id. */
  readonly logs: ReadonlyMap<string, ViewLog>
  /** Whether a partition goes no further, as far as this process knows. */
  readonly haltOf: (place: LogPlace) => Halt | undefined
  /** Calls back when a partition halts or the read models close; returns what ends that. */
  readonly onHalt: (callback: () => void) => () => void
  /** Whether the read models are closed: reads are refused then. */
  readonly isClosed: () => boolean
  /** Throws the reason when there is nothing to read yet. */
  readonly mustBeOpen: () => void
}

interface Asked extends PositionParts {
  readonly position: string
}

/** A view on a read-model store. Another process may do the work. */
export class StoreView implements View<object> {
  readonly #parts: ViewParts
  readonly #version: ProjectionVersion

  constructor(parts: ViewParts) {
    this.#parts = parts
    this.#version = { projection: parts.projection.name, version: parts.projection.version }
  }

  /** The row of a key; undefined when there is none. */
  async get(key: string, options: ReadOptions = {}): Promise<object | undefined> {
    const problem = rowKeyProblem(key)
    if (problem) throw this.#refused(`get was given ${problem}`)
    return (await this.#read({ kind: 'key', key }, options))[0]
  }

  /** Every row, in the order of the keys. */
  all(options: ReadOptions = {}): Promise<readonly object[]> {
    return this.#read({ kind: 'all' }, options)
  }

  /** Runs SQL, as `pg` does, or what a query builder makes of a query. */
  async query<T extends object>(
    query: string | BuiltQuery<T>,
    second: readonly unknown[] | ReadOptions = [],
    third: ReadOptions = {},
  ): Promise<readonly T[]> {
    const { sql, parameters } =
      typeof query === 'string' ? { sql: query, parameters: second } : query.compile()
    const options = typeof query === 'string' ? third : second
    const params = parameters as readonly unknown[]
    return (await this.#read({ kind: 'sql', text: sql, params }, options as ReadOptions)) as readonly T[]
  }

  async #read(
    query: ReadQuery,
    { atLeast = [], timeoutMs = DEFAULT_TIMEOUT_MS }: ReadOptions,
  ): Promise<readonly object[]> {
    if (!(timeoutMs >= 0)) throw this.#refused(`timeoutMs is ${timeoutMs}, it is a number of 0 or more`)
    const positions: readonly string[] = Array.isArray(atLeast) ? atLeast : [atLeast]
    const asked = positions.map(position => this.#asked(position)).filter(each => each !== undefined)
    const deadline = performance.now() + timeoutMs
    // One read proves one position; those in front of the last need no answer.
    const probe: ReadQuery = query.kind === 'sql' ? PROBE : query
    for (const each of asked.slice(0, -1)) await this.#readAt(probe, each, deadline, timeoutMs)
    return this.#readAt(query, asked.at(-1), deadline, timeoutMs)
  }

  async #readAt(
    query: ReadQuery,
    asked: Asked | undefined,
    deadline: number,
    timeoutMs: number,
  ): Promise<readonly object[]> {
    const place = asked && { log: asked.logId, partition: asked.partition, offset: asked.offset }
    for (;;) {
      if (this.#parts.isClosed())
        throw new ReadModelsClosedError(`a read of projection "${this.#version.projection}"`)
      this.#parts.mustBeOpen()
      // Asked before the read: what was committed before the halt is then in the snapshot.
      const halt = place && this.#parts.haltOf(place)
      const { rows, reached = 0n, parked } = await this.#parts.store.read(this.#version, query, place)
      if (asked && parked) throw new ReadModelParkedError(this.#version.projection, asked.position, parked)
      if (!asked || !place || reached > asked.offset) return rows
      if (halt)
        throw new ProjectionStoppedError(
          this.#version.projection,
          asked.position,
          reached,
          halt.state,
          halt.error,
        )
      const left = deadline - performance.now()
      if (left <= 0)
        throw new ReadModelBehindError(this.#version.projection, asked.position, reached, timeoutMs)
      await this.#wait(place, asked.offset, left)
    }
  }

  /** Until the checkpoint moves beyond, the partition halts, the view closes, or the time is over. */
  async #wait(place: LogPlace, beyond: bigint, ms: number): Promise<void> {
    const over = new AbortController()
    const wake = (): void => over.abort()
    const forget = this.#parts.onHalt(wake)
    const timer = setTimeout(wake, Math.min(Math.ceil(ms), MAX_TIMEOUT_MS))
    try {
      if (this.#parts.isClosed() || this.#parts.haltOf(place)) return
      await this.#parts.store.moved({ ...this.#version, ...place }, beyond, over.signal)
    } finally {
      clearTimeout(timer)
      forget()
    }
  }

  /** The position to wait for; undefined when there is nothing to wait for. */
  #asked(atLeast: string): Asked | undefined {
    const parts = parsePosition(atLeast)
    const log = this.#parts.logs.get(parts.logId)
    if (!log)
      throw new PositionError(
        atLeast,
        `it belongs to another log; this app reads ${[...this.#parts.logs.keys()].map(id => `"${id}"`).join(', ')}`,
      )
    if (parts.partition >= log.partitions)
      throw new PositionError(atLeast, `its log has ${log.partitions} partitions, 0 to ${log.partitions - 1}`)
    return log.feeds ? { ...parts, position: atLeast } : undefined
  }

  #refused(reason: string): ReadOptionsError {
    return new ReadOptionsError(this.#version.projection, reason)
  }
}
