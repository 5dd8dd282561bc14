import type { AggregateDefinition, HandlerDefinition } from '../aggregate/definition.js'
import type { EventCatalog } from '../catalog/event-catalog.js'
import type { Injectable } from '../container/token.js'
import type { IdSource } from '../identity/id-source.js'
import type { SnapshotStore } from '../snapshot/snapshot-store.js'
import type { AppendMetadata, EventStore } from '../store/event-store.js'
import type { StreamPlace } from '../store/placed-write.js'
import type { Clock } from '../time/clock.js'
import type { Link } from './chain.js'
import type { CommandHook, ExecuteOptions } from './options.js'

/** What the command bus stands on. @internal */
export interface CommandBusHost {
  readonly store: EventStore
  readonly snapshots: SnapshotStore
  readonly catalog: EventCatalog
  readonly clock: Clock
  readonly ids: IdSource
  readonly resolve: (service: Injectable) => unknown
  readonly commandTimeoutMs: number
  readonly cachedAggregates: number
  readonly hook: CommandHook | undefined
  readonly snapshotFailed: (stream: string, error: unknown) => void
  /** A stream that is long enough for a snapshot had none of this build. */
  readonly snapshotMissing: (stream: string, aggregate: AggregateDefinition) => void
}

/** Which aggregate handles a command, and how. @internal */
export interface Route {
  readonly aggregate: AggregateDefinition
  readonly handler: HandlerDefinition
}

/** What every command has from its call on. @internal */
export interface Begun extends Link<Begun> {
  readonly route: Route
  readonly key: string
  /** When it was called, on the monotonic clock, in milliseconds. */
  readonly startedAt: number
}

/** A command on its way. @internal */
export interface Job extends Begun {
  readonly command: object
  readonly stream: string
  readonly place: StreamPlace
  readonly commandId: string
  /** True when the caller gave the id, so that it may have been executed before. */
  readonly mayRepeat: boolean
  /** Frozen; undefined for none. */
  readonly metadata: AppendMetadata | undefined
  readonly fresh: boolean
}

/** @internal */
export function makeJob(
  host: CommandBusHost,
  route: Route,
  key: string,
  command: object,
  options: ExecuteOptions,
  place: StreamPlace,
  startedAt: number,
): Job {
  return {
    route,
    command,
    key,
    stream: place.stream,
    place,
    commandId: options.commandId ?? host.ids.next(),
    mayRepeat: options.commandId !== undefined,
    metadata: metadataOf(options),
    fresh: options.fresh ?? false,
    startedAt,
    before: undefined,
    after: undefined,
  }
}

function metadataOf(options: ExecuteOptions): AppendMetadata | undefined {
  const { causedBy, actor, tenant, traceparent } = options
  const correlationId = options.correlationId ?? causedBy?.correlationId
  const causationId = options.causationId ?? causedBy?.id
  if ((correlationId ?? causationId ?? actor ?? tenant ?? traceparent) === undefined) return undefined
  return Object.freeze({
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
    ...(actor !== undefined && { actor }),
    ...(tenant !== undefined && { tenant }),
    ...(traceparent !== undefined && { traceparent }),
  })
}
