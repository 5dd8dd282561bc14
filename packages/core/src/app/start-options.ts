import type { ContainerModule } from 'inversify'
import type { AggregateClass } from '../aggregate/definition.js'
import type { CommandHook } from '../command/options.js'
import type { IdSource } from '../identity/id-source.js'
import type { AnyEvent, Newable } from '../message/message.js'
import type { ReadModelsFactory } from '../projection/runtime/projection-runtime.js'
import type { SnapshotStore } from '../snapshot/snapshot-store.js'
import type { EventStoreFactory } from '../store/event-store.js'
import type { Clock } from '../time/clock.js'
import type { Upcaster } from '../upcasting/upcast.js'
import type { StopSignal } from './stop-on.js'
import type { LogFormat } from './log.js'

/** Another log that the projections of an app read, and the events it declares. */
export interface SourceOptions {
  /** Opens the other log, for reading. */
  readonly store: EventStoreFactory
  /** The events that the other log has. */
  readonly events: readonly Newable<AnyEvent>[]
  /** How old versions of events are read. Default: none. */
  readonly upcasters?: readonly Upcaster<AnyEvent>[]
}

/** What an app consists of. */
export interface StartOptions {
  /** The log. Default: `memory()`, which ends with the process. */
  readonly store?: EventStoreFactory
  /** Where projections write. Default: `memoryReadModels()`. */
  readonly readModels?: ReadModelsFactory
  /** The aggregates whose commands the app takes. */
  readonly aggregates: readonly AggregateClass[]
  /** The projections to run and to read. Default: none. */
  readonly projections?: readonly Newable[]
  /** How old versions of events are read. Default: none. */
  readonly upcasters?: readonly Upcaster<AnyEvent>[]
  /** Other logs to project from. Default: none. */
  readonly sources?: readonly SourceOptions[]
  /** inversify modules that bind what handlers inject. Default: none. */
  readonly modules?: readonly ContainerModule[]
  /** What this process does. Default: `'all'`. */
  readonly run?: 'all' | 'commands' | 'workers'
  /** Runs around every command. Default: none. */
  readonly aroundCommand?: CommandHook
  /** How long a command may wait, decide and decide again, in milliseconds. Default: 10,000. */
  readonly commandTimeoutMs?: number
  /** How many aggregates keep their state in memory between commands. Default: 10,000. */
  readonly cachedAggregates?: number
  /**
   * How long `app.stop()` waits for commands and batches under way, in milliseconds, before it names what is left and closes
   * the stores under it. Default: 10,000.
   */
  readonly drainTimeoutMs?: number
  /** Signals at which the app stops, and the process then ends by the signal. Default: none. */
  readonly stopOn?: readonly StopSignal[]
  /** Where snapshots are kept; whoever made it closes it. Default: beside the log where its store can, else memory. */
  readonly snapshots?: SnapshotStore
  /** Default: the wall clock. */
  readonly clock?: Clock
  /** Default: UUIDs of version 7. */
  readonly ids?: IdSource
  /** Default: `'pretty'`, on standard error. */
  readonly log?: LogFormat
}
