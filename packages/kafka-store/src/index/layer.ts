import {
  countEvents,
  type AppendRecord,
  type IndexTransaction,
  type RecordedWrite,
} from '@hindcast/stream-index'
import { encodeState, type LogState } from '../validity/log-state.js'

/** Where a stream stands. */
export interface Head {
  readonly partition: number
  readonly version: number
  /** The id of its last event. */
  readonly id: string
}

interface LayerStream extends Head {
  readonly appends: AppendRecord[]
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
  /** How many events it holds. */
  events = 0
  private readonly streams = new Map<string, LayerStream>()

  /** True when there is nothing to write. */
  get isEmpty(): boolean {
    return this.partitions.size === 0
  }

  head(stream: string): Head | undefined {
    return this.streams.get(stream)
  }

  /** The appends that wrote to a stream, in order. */
  appendsTo(stream: string): readonly AppendRecord[] {
    return this.streams.get(stream)?.appends ?? []
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
      this.events += countEvents(append.writes)
      for (const write of append.writes) this.moveStream(append, write)
    }
  }

  /** Writes it into the index's file. */
  write(transaction: IndexTransaction): void {
    for (const [partition, { appends, state }] of this.partitions) {
      for (const append of appends) transaction.append(append)
      transaction.moveTo(partition, state.next, encodeState(state))
    }
  }

  private moveStream(append: AppendRecord, write: RecordedWrite): void {
    const appends = this.streams.get(write.stream)?.appends ?? []
    appends.push(append)
    this.streams.set(write.stream, {
      partition: append.partition,
      version: write.firstVersion + write.events.length - 1,
      id: write.events[write.events.length - 1]!.id,
      appends,
    })
  }
}
