import type { AppendRecord, IndexTransaction, RecordedWrite } from '@hindcast/stream-index'
import { encodeState, type LogState } from '../validity/log-state.js'

/** Where a stream stands. */
export interface Head {
  readonly partition: number
  readonly version: number
  /** The id of its last event. */
  readonly id: string
}

/** What an append gave to a stream, and what came before it in the same layer. */
export class LayerWrite implements Head {
  constructor(
    readonly append: AppendRecord,
    readonly write: RecordedWrite,
    readonly before: LayerWrite | undefined,
  ) {}

  get partition(): number {
    return this.append.partition
  }

  get version(): number {
    return this.write.firstVersion + this.write.events.length - 1
  }

  get id(): string {
    const { events } = this.write
    return events[events.length - 1]!.id
  }
}

/** Appends of one partition that are not yet in the index's file. */
export interface LayerPartition {
  readonly appends: AppendRecord[]
  readonly commands: Map<string, AppendRecord>
  state: LogState
  /** The time of the last event; -Infinity when there is none here. */
  time: number
}

/** What was applied in memory since the last flush began: it lies over the index's file, and becomes part of it whole. */
export class Layer {
  readonly partitions: Map<number, LayerPartition> = new Map()
  /** The last write to each stream. */
  readonly streams: Map<string, LayerWrite> = new Map()
  /** How many events it holds. */
  events = 0

  /** True when there is nothing to write. */
  get isEmpty(): boolean {
    return this.partitions.size === 0
  }

  /** The appends that wrote to a stream, in order. */
  appendsTo(stream: string): readonly AppendRecord[] {
    const appends: AppendRecord[] = []
    for (let last = this.streams.get(stream); last; last = last.before) appends.push(last.append)
    return appends.toReversed()
  }

  /** Moves a partition over appends, or over records that are none. */
  add(partition: number, appends: readonly AppendRecord[], state: LogState): void {
    let layer = this.partitions.get(partition)
    if (!layer) {
      layer = { appends: [], commands: new Map(), state, time: -Infinity }
      this.partitions.set(partition, layer)
    }
    layer.state = state
    for (const append of appends) {
      layer.appends.push(append)
      layer.commands.set(append.commandId, append)
      layer.time = append.time
      for (const write of append.writes) {
        this.events += write.events.length
        this.streams.set(write.stream, new LayerWrite(append, write, this.streams.get(write.stream)))
      }
    }
  }

  /** Writes it into the index's file. */
  write(transaction: IndexTransaction): void {
    for (const [partition, { appends, state }] of this.partitions) {
      for (const append of appends) transaction.append(append)
      transaction.moveTo(partition, state.next, encodeState(state))
    }
  }
}
