import type { EventMeta } from '../message/event-meta.js'
import type { RecordedEvent } from '../store/event-store.js'
import { makePosition, type Position } from '../store/position.js'

/**
 * The meta of a recorded event; computes only what is asked for, since most readers ask for little. Each `time` is a Date of
 * its own: whoever changes one changes nobody else's.
 *
 * @internal
 */
export class RecordedMeta implements EventMeta {
  readonly #recorded: RecordedEvent
  readonly #logId: string
  #stream: string | undefined
  constructor(
    recorded: RecordedEvent,
    logId: string,
    readonly type: string,
    readonly part: number,
  ) {
    this.#recorded = recorded
    this.#logId = logId
  }
  get id(): string {
    return this.#recorded.id
  }
  get stream(): string {
    return (this.#stream ??= this.#recorded.stream)
  }
  get category(): string {
    const { stream } = this
    return stream.slice(0, stream.indexOf('-'))
  }
  get key(): string {
    const { stream } = this
    return stream.slice(stream.indexOf('-') + 1)
  }
  get version(): number {
    return this.#recorded.version
  }
  get time(): Date {
    return new Date(this.#recorded.time)
  }
  get position(): Position {
    return makePosition(this.#logId, this.#recorded.partition, this.#recorded.offset)
  }
  get commandId(): string {
    return this.#recorded.commandId
  }
  get correlationId(): string {
    return this.#recorded.metadata.correlationId ?? this.#recorded.commandId
  }
  // The compiler has no getter that may be absent, so these say string where undefined stands for "absent".
  get causationId(): string {
    return this.#recorded.metadata.causationId as string
  }
  get actor(): string {
    return this.#recorded.metadata.actor as string
  }
  get tenant(): string {
    return this.#recorded.metadata.tenant as string
  }
  get traceparent(): string {
    return this.#recorded.metadata.traceparent as string
  }
  /** Everything, for logs and tools: without it, JSON.stringify would find two of the fields. */
  toJSON(): EventMeta {
    const { id, type, stream, category, key, version, part, time, position, commandId, correlationId } = this
    const known = { id, type, stream, category, key, version, part, time, position, commandId, correlationId }
    return { ...known, ...this.#recorded.metadata }
  }
}
