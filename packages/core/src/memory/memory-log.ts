import { PartitionKeyChangedError } from '../store/errors.js'
import type { AppendOptions, AppendResult, RecordedEvent, StreamWrite } from '../store/event-store.js'
import { repeatedAppend } from '../store/repeated-append.js'
import { MemoryPartition } from './memory-partition.js'

/** A log in memory: it outlives the stores that are opened on it. */
export class MemoryLog {
  readonly logId: string
  readonly partitions: readonly MemoryPartition[]
  /** In which partition each stream lives. */
  readonly #homes = new Map<string, number>()

  constructor(logId: string, partitions: number) {
    this.logId = logId
    this.partitions = Array.from({ length: partitions }, (_, number) => new MemoryPartition(logId, number))
  }

  /** The events of a stream from version 0. Not a copy: the array grows. */
  stream(stream: string): readonly RecordedEvent[] {
    const home = this.#homes.get(stream)
    return home === undefined ? [] : this.partitions[home]!.stream(stream)
  }

  /** What every store does with an append that is well formed: one turn of the event loop, so nothing comes between. */
  append(
    number: number,
    writes: readonly StreamWrite[],
    options: AppendOptions,
    clockTime: number,
  ): AppendResult {
    const partition = this.partitions[number]!
    const known = partition.command(options.commandId)
    if (known) return repeatedAppend(known, writes, options)
    for (const { stream } of writes) {
      const home = this.#homes.get(stream)
      if (home !== undefined && home !== number) throw new PartitionKeyChangedError(stream, home, number)
    }
    const result = partition.append(writes, options, clockTime)
    if (result.kind === 'appended') for (const { stream } of writes) this.#homes.set(stream, number)
    return result
  }
}
