import { LogIntegrityError } from '@hindcast/core'
import type { RecordRun } from '../record/record-run.js'
import type { LogState } from '../validity/log-state.js'
import { LayerCommands } from './layer-commands.js'
import type { AppendNotes, AppliedRun, Head } from './placed-append.js'

/** A stream in a layer. */
export class LayerStream implements Head {
  version = -1
  id = ''
  /** Where its last write is among those of its partition. */
  last: number = NO_WRITE
  /** How many writes it has. */
  writes = 0

  constructor(
    readonly stream: string,
    readonly partition: number,
  ) {}
}

/** There is none. */
const NO_WRITE = -1

/** The writes to streams that a layer has of a partition, in the order of the log: lists of numbers, not an object a write. */
export class LayerWrites {
  /** The offset of the first event of each. */
  private readonly offsets: number[] = []
  /** The version of the first event of each. */
  private readonly versions: number[] = []
  /** The one before it of the same stream. */
  private readonly before: number[] = []

  /** Adds a write to a stream. */
  add(stream: LayerStream, offset: number, version: number): void {
    this.before.push(stream.last)
    stream.last = this.offsets.push(offset) - 1
    stream.writes++
    this.versions.push(version)
  }

  /** The writes of a stream from the oldest on, in lists that are used again for the next one. */
  of(stream: LayerStream): StreamWrites {
    let i = stream.writes
    reused.offsets.length = reused.versions.length = i
    for (let at = stream.last; at !== NO_WRITE; at = this.before[at]!) {
      reused.offsets[--i] = this.offsets[at]!
      reused.versions[i] = this.versions[at]!
    }
    return reused
  }
}

/** The writes of a stream. */
export interface StreamWrites {
  /** The offset of the first event of each. */
  readonly offsets: readonly number[]
  /** The version of the first event of each. */
  readonly versions: readonly number[]
}

const reused = { offsets: [] as number[], versions: [] as number[] }

/** Appends of one partition that are not yet in the index's file. */
export class LayerPartition implements AppendNotes {
  /** Their records, in order. */
  readonly runs: RecordRun[] = []
  /** The streams that its appends wrote to. */
  readonly streams: LayerStream[] = []
  readonly writes: LayerWrites = new LayerWrites()
  readonly commands: LayerCommands = new LayerCommands()
  /** True when it is in the file too. */
  written: boolean = false
  /** The time of the last event; -Infinity when there is none here. */
  time: number = -Infinity

  constructor(
    private readonly layer: Layer,
    private readonly partition: number,
    public state: LogState,
  ) {}

  append(commandId: string, hash: number, offset: number): void {
    const { layer, partition } = this
    if (!layer.used.take(partition, commandId, hash))
      layer.contradiction ??= usedBefore(partition, { commandId, offset })
    this.commands.add(commandId, offset)
  }

  write(id: string, offset: number, firstVersion: number, version: number, lastEventId: string): void {
    const { layer, partition } = this
    let stream = layer.streams.get(id)
    if (!stream) {
      stream = new LayerStream(id, partition)
      layer.streams.set(id, stream)
      this.streams.push(stream)
    } else if (stream.version + 1 !== firstVersion || stream.partition !== partition)
      layer.contradiction ??= doesNotContinue({ stream: id, partition, firstVersion }, offset, stream)
    this.writes.add(stream, offset, firstVersion)
    stream.version = version
    stream.id = lastEventId
  }
}

/** The command ids in use. */
export interface UsedCommands {
  /** Takes note of an id. @returns false when it was used before, as far as that can be seen at once */
  take(partition: number, commandId: string, hash: number): boolean
}

/**
 * What was applied in memory since the last flush began: it lies over the index's file, and becomes part of it, one
 * partition after the other. It holds the bytes of the log, not objects: what lives as long as a layer is dear to collect.
 */
export class Layer {
  readonly partitions: Map<number, LayerPartition> = new Map()
  readonly streams: Map<string, LayerStream> = new Map()
  /** How many events it holds. */
  events = 0
  /** How many bytes their records have. */
  bytes = 0
  /** Why it must not be written: the log contradicts itself. */
  contradiction: LogIntegrityError | undefined

  constructor(readonly used: UsedCommands) {}

  /** True when there is nothing to write. */
  get isEmpty(): boolean {
    return this.partitions.size === 0
  }

  /** Moves a partition over appends, or over records that are none. */
  add(partition: number, applied: AppliedRun | undefined, state: LogState): void {
    let layer = this.partitions.get(partition)
    if (!layer) {
      layer = new LayerPartition(this, partition, state)
      this.partitions.set(partition, layer)
    }
    layer.state = state
    if (!applied) return
    const { run, time } = applied
    layer.runs.push(run)
    this.events += run.count
    this.bytes += run.end - run.at
    applied.note(layer)
    layer.time = time
  }

  /** The run of a partition that an offset lies in, or else the first one behind it. */
  runAt(partition: number, offset: number): RecordRun | undefined {
    const runs = this.partitions.get(partition)?.runs ?? []
    let low = 0
    let high = runs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (runs[middle]!.next > offset) high = middle
      else low = middle + 1
    }
    return runs[low]
  }
}

/** A command id that comes a second time in its partition. */
export function usedBefore(
  partition: number,
  { commandId, offset }: { readonly commandId: string; readonly offset: number },
): LogIntegrityError {
  return new LogIntegrityError(
    `the append at offset ${offset} of partition ${partition} has command id "${commandId}", which an append before it has`,
    { partition, offset, commandId },
  )
}

/** Records that come a second time. */
export function alreadyThere(partition: number, offset: number): LogIntegrityError {
  return new LogIntegrityError(`offset ${offset} of partition ${partition} is already in the index`, {
    partition,
    offset,
  })
}

/** Events that do not stand where their stream ended. */
export function doesNotContinue(
  {
    stream,
    partition,
    firstVersion,
  }: { readonly stream: string; readonly partition: number; readonly firstVersion: number },
  offset: number,
  before: Pick<Head, 'partition' | 'version'> | undefined,
): LogIntegrityError {
  const due = before ? before.version + 1 : 0
  const home = before?.partition ?? partition
  const why = home !== partition ? ': processes with different partitionBy have written it' : ''
  return new LogIntegrityError(
    `stream "${stream}" continues with version ${firstVersion} in partition ${partition}, but version ${due} in partition ${home} is due${why}`,
    { stream, version: firstVersion, due, partition, offset },
  )
}
