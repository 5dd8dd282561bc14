import type { AggregateClass, AggregateDefinition } from '../aggregate/definition.js'
import type { CommandBus } from '../command/command-bus.js'
import { UnknownCommandError } from '../command/errors.js'
import type { Route } from '../command/job.js'
import type { Executed, ExecuteOptions } from '../command/options.js'
import { messageInfo, type CommandOf, type Newable } from '../message/message.js'
import type { ParkedEvents } from '../projection/parking/parked-events.js'
import type { RowProjection } from '../projection/declare/row-projection.js'
import type { ProjectionRuntime } from '../projection/runtime/projection-runtime.js'
import type { ReadModelOperations } from '../read-model/operations.js'
import type { View } from '../read-model/view.js'
import type { EventStore, StreamVersion } from '../store/event-store.js'
import { drain } from './drain.js'
import { AggregateUnknownError, AppStoppedError, NotRunHereError } from './errors.js'
import { appHealth, type AppHealth } from './health.js'

/** What a started app is made of. @internal */
export interface AppParts {
  readonly store: EventStore
  readonly bus: CommandBus
  readonly aggregates: readonly AggregateDefinition[]
  readonly routes: ReadonlyMap<unknown, Route>
  readonly runtime: ProjectionRuntime
  readonly run: 'all' | 'commands' | 'workers'
  readonly drainTimeoutMs: number
  /** Frees everything in order, when no command is under way. */
  readonly close: () => Promise<void>
}

/**
 * A running app: executes commands and reads views. Get one from `Hindcast.start`; end it with `await using` or
 * {@link App.stop}.
 */
export class App implements AsyncDisposable {
  readonly #parts: AppParts
  #stopped: Promise<void> | undefined
  #phase: 'running' | 'stopping' | 'stopped' = 'running'

  /** @internal */
  constructor(parts: AppParts) {
    this.#parts = parts
  }

  /** The app's own log, for tools and subscriptions. */
  get store(): EventStore {
    return this.#parts.store
  }

  /**
   * Executes a command on the aggregate with this key.
   *
   * Guarantee: when it resolves, the command's events are durable, all of them, exactly once. When it rejects, nothing was
   * written, except for AppendOutcomeUnknownError, after which the same command id makes repeating safe. A refusal (what
   * the handler throws) was decided on everything this process knew of the stream.
   *
   * @throws ValidationError, DomainError or whatever the handler throws, ConcurrencyError, CommandTimeoutError,
   *   CommandIdReusedError, CommandResultError, UnknownCommandError, StreamIdError, LimitExceededError, AppStoppedError,
   *   AppendNotSentError, AppendOutcomeUnknownError
   */
  execute<R>(key: string, command: CommandOf<string, R>, options: ExecuteOptions = {}): Promise<Executed<R>> {
    const { routes, bus, run } = this.#parts
    if (this.#stopped) return Promise.reject(new AppStoppedError(named(command)))
    if (run === 'workers') return Promise.reject(new NotRunHereError(named(command), run))
    const route = routes.get(classOf(command))
    if (!route) return Promise.reject(new UnknownCommandError(described(command)))
    return bus.execute(route, key, command, options) as Promise<Executed<R>>
  }

  /**
   * Takes a snapshot of the aggregate with this key, beside the commands on it, and waits until it is kept.
   *
   * @returns the version it was taken at; `'none'` for a stream without events: there is no snapshot of it
   * @throws SnapshotPolicyMissingError, AggregateUnknownError when the app has no such aggregate, StreamIdError,
   *   StateNotSerializableError, LimitExceededError, AppStoppedError, NotRunHereError, and what the snapshot store throws
   */
  async snapshot(aggregate: AggregateClass, key: string): Promise<StreamVersion> {
    const { aggregates, bus, run } = this.#parts
    const what = `a snapshot of ${aggregate.name} "${key}"`
    if (this.#stopped) throw new AppStoppedError(what)
    if (run === 'workers') throw new NotRunHereError(what, run)
    const definition = aggregates.find(({ type }) => type === aggregate)
    if (!definition)
      throw new AggregateUnknownError(
        aggregate.name,
        aggregates.map(({ type }) => type.name),
      )
    return bus.snapshot(definition, key)
  }

  /** Reads a projection's rows. @throws ProjectionUnknownError when it was not given at start. */
  view<R extends object>(projection: Newable<RowProjection<R>>): View<R>
  /** Reads the tables of a SQL projection: `query` only. @throws ProjectionUnknownError when it was not given at start. */
  view(projection: Newable): Pick<View<Record<string, unknown>>, 'query'>
  view(projection: Newable): Pick<View<Record<string, unknown>>, 'query'> {
    return this.#parts.runtime.view(projection)
  }

  /**
   * The parked events of a projection, in any process: list, retry, drop.
   *
   * @throws ProjectionUnknownError when it was not given at start
   */
  parked(projection: Newable): ParkedEvents {
    return this.#parts.runtime.parked(projection)
  }

  /** Rebuilds, roll-backs and copies of read models. Refused with OperationsUnsupportedError in memory. */
  get readModels(): ReadModelOperations {
    return this.#parts.runtime.operations
  }

  /** How the app stands, for readiness and liveness probes. Once it stops, nothing is said of projections. */
  async health(): Promise<AppHealth> {
    if (this.#phase === 'running') return appHealth(await this.#parts.runtime.health(), 'running')
    return appHealth([], this.#phase)
  }

  /**
   * Finishes what was accepted, refuses the rest with AppStoppedError, and frees everything. Idempotent.
   *
   * @throws AppStopTimeoutError that names what was not finished within `drainTimeoutMs`
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  /** Ends it; idempotent. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #stop(): Promise<void> {
    this.#phase = 'stopping'
    const { bus, close, drainTimeoutMs } = this.#parts
    try {
      await drain({ idle: bus.underWay.whenIdle(), close, left: () => this.#left(), drainTimeoutMs })
    } finally {
      this.#phase = 'stopped'
    }
  }

  #left(): readonly string[] {
    return [...this.#parts.bus.underWay.left(), ...this.#parts.runtime.inHand]
  }
}

function named(command: unknown): string {
  return `command "${messageInfo(command)?.name}"`
}

function described(command: unknown): string {
  return messageInfo(command) ? named(command) : typeName(command)
}

function classOf(command: unknown): unknown {
  if (typeof command !== 'object' || command === null) return undefined
  return (Object.getPrototypeOf(command) as { constructor?: unknown } | null)?.constructor
}

function typeName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return `an instance of ${(classOf(value) as { name?: string } | undefined)?.name ?? 'no class'}`
}
