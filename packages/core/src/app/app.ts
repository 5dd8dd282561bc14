import type { AggregateClass, AggregateDefinition } from '../aggregate/definition.js'
import type { CommandBus } from '../command/command-bus.js'
import { UnknownCommandError } from '../command/errors.js'
import type { Route } from '../command/job.js'
import type { Executed, ExecuteOptions } from '../command/options.js'
import { HindcastError } from '../error/hindcast-error.js'
import { messageInfo, type CommandOf, type Newable } from '../message/message.js'
import type { ParkedEvents } from '../projection/parked-events.js'
import type { RowProjection } from '../projection/row-projection.js'
import type { ProjectionRuntime } from '../projection/projection-runtime.js'
import type { ReadModelOperations } from '../read-model/operations.js'
import type { View } from '../read-model/view.js'
import type { EventStore, StreamVersion } from '../store/event-store.js'
import { channels, type CommandDiagnostic } from './diagnostics.js'
import { drain } from './drain.js'
import { AggregateUnknownError, AppStoppedError, NotRunHereError } from './errors.js'
import { appHealth, type AppHealth } from './health.js'

/** A command that has not ended yet. */
interface UnderWay {
  readonly route: Route
  readonly key: string
  readonly startedAt: number
}

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
  readonly #underWay = new Set<UnderWay>()
  #idle: (() => void) | undefined
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
  async execute<R>(
    key: string,
    command: CommandOf<string, R>,
    options: ExecuteOptions = {},
  ): Promise<Executed<R>> {
    const { routes, bus, run } = this.#parts
    const name = messageInfo(command)?.name
    if (this.#stopped) throw new AppStoppedError(`command "${name}"`)
    if (run === 'workers') throw new NotRunHereError(`command "${name}"`, run)
    const route = routes.get(classOf(command))
    if (!route) throw new UnknownCommandError(name === undefined ? typeName(command) : `command "${name}"`)
    const startedAt = performance.now()
    const mine: UnderWay = { route, key, startedAt }
    this.#underWay.add(mine)
    try {
      const executed = await bus.execute(route, key, command, options)
      publish(this.#parts, route, key, executed.repeated, startedAt)
      return executed as Executed<R>
    } catch (error) {
      publish(this.#parts, route, key, false, startedAt, { error })
      throw error
    } finally {
      this.#underWay.delete(mine)
      if (this.#underWay.size === 0) this.#idle?.()
    }
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
    const { close, drainTimeoutMs } = this.#parts
    const idle = new Promise<void>(resolve => (this.#idle = resolve))
    if (this.#underWay.size === 0) this.#idle?.()
    try {
      await drain({ idle, close, left: () => this.#left(), drainTimeoutMs })
    } finally {
      this.#phase = 'stopped'
    }
  }

  #left(): readonly string[] {
    const now = performance.now()
    const commands = [...this.#underWay].map(
      ({ route, key, startedAt }) =>
        `command "${route.handler.commandName}" on stream "${route.aggregate.category}-${key}", ${Math.round(now - startedAt)} ms under way`,
    )
    return [...commands, ...this.#parts.runtime.inHand]
  }
}

function classOf(command: unknown): unknown {
  if (typeof command !== 'object' || command === null) return undefined
  return (Object.getPrototypeOf(command) as { constructor?: unknown } | null)?.constructor
}

function typeName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return `an instance of ${(classOf(value) as { name?: string } | undefined)?.name ?? 'no class'}`
}

function publish(
  parts: AppParts,
  route: Route,
  key: string,
  repeated: boolean,
  startedAt: number,
  failure?: { readonly error: unknown },
): void {
  if (!channels.command.hasSubscribers) return
  const error = failure?.error
  const outcome =
    failure === undefined
      ? 'done'
      : error instanceof HindcastError
        ? error.code
        : error instanceof Error
          ? error.name
          : 'thrown'
  const diagnostic: CommandDiagnostic = {
    logId: parts.store.logId,
    command: route.handler.commandName,
    stream: `${route.aggregate.category}-${key}`,
    outcome,
    repeated,
    durationMs: performance.now() - startedAt,
    ...(failure && { error }),
  }
  channels.command.publish(diagnostic)
}
