import { AsyncLocalStorage } from 'node:async_hooks'
import type { ApplyMeta } from '../message/event-meta.js'
import { messageInfo } from '../message/message.js'
import type { EventCatalog } from '../catalog/event-catalog.js'
import type { NewEvent } from '../store/event-store.js'
import { decodePayload } from '../payload/decode.js'
import { WrittenEvent } from '../store/written-event.js'
import { validateMessage } from '../validation/validate.js'
import type { AggregateDefinition } from './definition.js'
import { CONTEXT } from './context-key.js'
import { AsyncApplyError, EmitOutsideCommandError, EventNotAppliedError } from './errors.js'

/** What the framework knows of a loaded aggregate. @internal */
export interface AggregateContext {
  readonly definition: AggregateDefinition
  readonly catalog: EventCatalog
  readonly stream: string
  readonly key: string
  /** The version of the last event applied; -1 before the first. */
  version: number
  /** The id of that event; undefined before the first. */
  lastEventId: string | undefined
  /** The version of the newest snapshot that this state came from or was given to; -1 for none. */
  snapshotVersion: number
  /** The version up to which appends were sent from this state; lower than `version` where it was only loaded. */
  sent: number
  /** Set while a command is being handled. */
  recording: Recording | undefined
}

/** The events of the command being handled. @internal */
export interface Recording {
  readonly commandId: string
  readonly stream: string
  /** The command bus that handles it. */
  readonly host: unknown
  /** False once the handler has ended. */
  isOpen: boolean
  /** True when the handler is asynchronous: only what runs in its own asynchronous context may emit. */
  readonly isAsync: boolean
  nextId(): string
  now(): Date
  readonly metadata: Partial<ApplyMeta>
  add(event: NewEvent): void
  /** True when an @Apply method threw, so that the state is neither that before the event nor that after it. */
  torn: boolean
  /** True once an @Apply method read the time of a live event: the log may record a slightly later one. */
  timeRead: boolean
}

/** The command whose asynchronous handler is running in this asynchronous context. @internal */
export const handling: AsyncLocalStorage<Recording> = new AsyncLocalStorage()

/** An aggregate instance as the framework sees it. @internal */
export interface LoadedAggregate {
  [CONTEXT]: AggregateContext
}

/** What the framework knows of an aggregate that it loaded. @internal */
export function contextOf(aggregate: object): AggregateContext {
  return (aggregate as LoadedAggregate)[CONTEXT]
}

/** Records and applies one event, see AggregateRoot.emit. @internal */
export function emitInto(aggregate: object, type: new () => object, data: object | undefined): void {
  const root = aggregate as LoadedAggregate
  const context = root[CONTEXT] as AggregateContext | undefined
  const recording = context?.recording
  // A handler that went on after its end must not emit into the command that is handled after it.
  const isStray = recording?.isAsync === true && handling.getStore() !== recording
  if (!context || !recording || isStray)
    throw new EmitOutsideCommandError(root.constructor.name, nameOf(type))
  const event = (type as unknown as { of(data?: object): object }).of(data)
  if (!context.definition.appliers.has(type.prototype as object))
    throw new EventNotAppliedError(root.constructor.name, nameOf(type), context.stream)
  validateMessage(event)
  const encoded = context.catalog.encode(event)
  const id = recording.nextId()
  context.recording = undefined
  try {
    const applied = isFlat(event) ? event : decodePayload(type, encoded.data, `event "${encoded.type}"`)
    applyEvent(root, applied, new LiveMeta(context, recording, id, encoded.type))
  } catch (error) {
    recording.torn = true
    throw error
  } finally {
    context.recording = recording
  }
  context.version++
  context.lastEventId = id
  recording.add(new WrittenEvent(id, encoded.type, encoded.schemaVersion, encoded.data))
}

function nameOf(type: unknown): string {
  return messageInfo(type)?.name ?? String((type as { name?: string } | undefined)?.name)
}

/** True when nobody else can hold a part of the event: it has no objects in it. */
function isFlat(event: object): boolean {
  for (const key in event) {
    const value = (event as Record<string, unknown>)[key]
    if (typeof value === 'object' && value !== null) return false
  }
  return true
}

/** Applies one event to the state. @internal */
export function applyEvent(root: LoadedAggregate, event: object, meta: ApplyMeta): void {
  const { definition, stream } = root[CONTEXT]
  const method = definition.appliers.get(Object.getPrototypeOf(event) as object)
  if (method === undefined)
    throw new EventNotAppliedError(root.constructor.name, messageInfo(event)?.name ?? 'unknown', stream)
  const returned: unknown = (root as unknown as Record<string, (e: object, m: ApplyMeta) => unknown>)[
    method
  ]!(event, meta)
  if (returned !== undefined && typeof (returned as { then?: unknown } | null)?.then === 'function') {
    ;(returned as Promise<unknown>).then(undefined, () => undefined)
    throw new AsyncApplyError(root.constructor.name, method)
  }
}

/** The meta of an event that is not in the log yet. */
class LiveMeta implements ApplyMeta {
  readonly #context: AggregateContext
  readonly #recording: Recording
  readonly version: number
  readonly part = 0
  constructor(
    context: AggregateContext,
    recording: Recording,
    readonly id: string,
    readonly type: string,
  ) {
    this.#context = context
    this.#recording = recording
    this.version = context.version + 1
  }
  get stream(): string {
    return this.#context.stream
  }
  get category(): string {
    return this.#context.definition.category
  }
  get key(): string {
    return this.#context.key
  }
  get commandId(): string {
    return this.#recording.commandId
  }
  get time(): Date {
    this.#recording.timeRead = true
    return this.#recording.now()
  }
  get correlationId(): string {
    return this.#recording.metadata.correlationId ?? this.#recording.commandId
  }
  get causationId(): string {
    return this.#recording.metadata.causationId as string
  }
  get actor(): string {
    return this.#recording.metadata.actor as string
  }
  get tenant(): string {
    return this.#recording.metadata.tenant as string
  }
  get traceparent(): string {
    return this.#recording.metadata.traceparent as string
  }
}
