import type { AppendMetadata, RecordedEvent } from '@hindcast/core'
import type { AppendRecord, RecordedWrite } from '@hindcast/stream-index'

const NO_METADATA: AppendMetadata = Object.freeze({})

/** An event of an append that is not yet in the index's file. */
export class RecentEvent implements RecordedEvent {
  constructor(
    private readonly append: AppendRecord,
    private readonly write: RecordedWrite,
    private readonly index: number,
    /** The offset as a number. */
    readonly place: number,
  ) {}

  get id(): string {
    return this.write.events[this.index]!.id
  }

  get type(): string {
    return this.write.events[this.index]!.type
  }

  get schemaVersion(): number {
    return this.write.events[this.index]!.schemaVersion
  }

  get data(): string {
    const { data } = this.write.events[this.index]!
    return typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.length).toString()
  }

  get stream(): string {
    return this.write.stream
  }

  get version(): number {
    return this.write.firstVersion + this.index
  }

  get partition(): number {
    return this.append.partition
  }

  get offset(): bigint {
    return BigInt(this.place)
  }

  get time(): number {
    return this.append.time
  }

  get commandId(): string {
    return this.append.commandId
  }

  get metadata(): AppendMetadata {
    return this.append.metadata ?? NO_METADATA
  }
}

/** The events of an append, in order. */
export function eventsOf(append: AppendRecord): RecentEvent[] {
  const events: RecentEvent[] = []
  let { offset } = append
  for (const write of append.writes)
    for (let i = 0; i < write.events.length; i++) events.push(new RecentEvent(append, write, i, offset++))
  return events
}
