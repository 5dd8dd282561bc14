import {
  CategoryUnknownError,
  checkStreamId,
  type HindcastError,
  Ignored,
  partitionOf,
  validateMessage,
  type AggregateDefinition,
  type EventMeta,
  type Readers,
  type RecordedEvent,
} from '@hindcast/core'
import {
  ApplyFailedError,
  EventTimeError,
  RecordedEventInvalidError,
  StreamPartitionError,
  StreamVersionError,
  unreadable,
  VerifyScratchError,
} from './errors.js'
import type { Problems } from './problems.js'
import type { ReadModelChecks } from './read-models.js'
import type { SnapshotChecks } from './snapshot-checks.js'
import type { Live, StreamFolds } from './stream-folds.js'
import type { StreamTable } from './stream-table.js'
import type { TypeCounts } from './type-counts.js'

/** What an event is checked with. */
export interface CheckParts {
  readonly logId: string
  readonly partitions: number
  readonly readers: Readers
  readonly problems: Problems
  readonly table: StreamTable
  readonly folds: StreamFolds
  readonly types: TypeCounts
  readonly snapshots: SnapshotChecks | undefined
  readonly readModels: ReadModelChecks | undefined
}

/** Columns have 32 bits. */
const MAX_VERSION = 2 ** 31 - 2

/** Checks the events of a log, those of each partition in their order. */
export class EventChecks {
  readonly #parts: CheckParts
  readonly #aggregates: ReadonlyMap<string, AggregateDefinition>
  readonly #times: Float64Array
  readonly #events: object[] = []
  readonly #metas: EventMeta[] = []
  #notFolded = 0

  constructor(parts: CheckParts) {
    this.#parts = parts
    this.#aggregates = new Map(parts.readers.aggregates.map(each => [each.category, each]))
    this.#times = new Float64Array(parts.partitions).fill(-Infinity)
  }

  /** How many events were not folded because of what came before them in their stream. */
  get notFolded(): number {
    return this.#notFolded
  }

  /**
   * Checks the next event of a partition. Resolves, where it has to wait for a snapshot; then the partition waits as well.
   *
   * @throws VerifyScratchError, and what the snapshot store throws
   */
  check(event: RecordedEvent): Promise<void> | undefined {
    const { types, table, folds, readModels } = this.#parts
    types.add(event.type, event.schemaVersion)
    readModels?.meet(event)
    this.#checkTime(event)
    const { stream } = event
    const row = folds.inMemory(stream)?.row ?? table.rowOf(stream)
    const isFirst = table.version.get(row) < 0
    if (isFirst) this.#checkStream(event, row)
    this.#checkVersion(event, row)
    const { snapshots } = this.#parts
    const definition = table.givenUp.get(row) === 0 ? this.#aggregateOf(stream) : undefined
    if (isFirst && definition && snapshots?.wants(row, definition))
      return snapshots.look(event, row, definition).then(() => this.#readAndFold(event, row))
    return this.#readAndFold(event, row)
  }

  #checkTime(event: RecordedEvent): void {
    const { partition, time } = event
    const before = this.#times[partition]!
    if (!(time >= before)) this.#parts.problems.ofEvent(event, new EventTimeError(event, before))
    // One that goes back is told once, not at every event behind it.
    if (!Number.isNaN(time)) this.#times[partition] = time
  }

  /** What holds for a stream from its first event on. */
  #checkStream(event: RecordedEvent, row: number): void {
    const { readers, partitions, table, problems } = this.#parts
    const { stream } = event
    try {
      checkStreamId(stream)
    } catch (error) {
      problems.ofEvent(event, error as HindcastError)
      table.givenUp.set(row, 1)
      return
    }
    if (!this.#aggregateOf(stream)) return
    try {
      const key = readers.partitionKeyOf(stream)
      const due = partitionOf(key, partitions)
      if (due === event.partition) return
      const reason = `its partition key ${JSON.stringify(key)} names partition ${due}`
      problems.ofEvent(event, new StreamPartitionError(event, reason))
    } catch (error) {
      problems.ofEvent(event, new StreamPartitionError(event, `partitionBy throws ${String(error)}`))
    }
  }

  #checkVersion(event: RecordedEvent, row: number): void {
    const { table, problems } = this.#parts
    const last = table.version.get(row)
    if (event.version === last + 1) {
      table.version.set(row, event.version)
      return
    }
    problems.ofEvent(event, new StreamVersionError(event, last + 1))
    // What follows is compared with what is there, so that one hole is told once.
    table.version.set(row, Math.min(Math.max(last, 0, event.version || 0), MAX_VERSION))
    this.#giveUp(event.stream, row)
  }

  #readAndFold(event: RecordedEvent, row: number): Promise<void> | undefined {
    const { table } = this.#parts
    const isRead = this.#read(event)
    if (!isRead) this.#giveUp(event.stream, row)
    else if (table.givenUp.get(row) === 0) return this.#fold(event, row)
    this.#notFolded++
    return undefined
  }

  /** Decodes, upcasts and validates. False where it cannot be read. */
  #read(event: RecordedEvent): boolean {
    const { readers, logId, problems } = this.#parts
    this.#events.length = this.#metas.length = 0
    try {
      readers.catalog.fold(event, logId, this.#collect)
    } catch (error) {
      problems.ofEvent(event, unreadable(event, error))
      return false
    }
    for (const each of this.#events)
      try {
        if (!(each instanceof Ignored)) validateMessage(each)
      } catch (error) {
        problems.ofEvent(event, new RecordedEventInvalidError(event, error))
      }
    return true
  }

  readonly #collect = (event: object, meta: EventMeta): void => {
    this.#events.push(event)
    this.#metas.push(meta)
  }

  #fold(event: RecordedEvent, row: number): Promise<void> | undefined {
    const { folds, table, problems, snapshots } = this.#parts
    const { stream } = event
    const definition = this.#aggregateOf(stream)
    if (!definition) {
      if (this.#events.every(each => each instanceof Ignored)) return undefined
      const known = [...this.#aggregates.keys()]
      problems.ofEvent(event, new CategoryUnknownError(stream, known, undefined))
      this.#notFolded++
      this.#giveUp(stream, row)
      return undefined
    }
    let live: Live
    try {
      live = folds.inMemory(stream) ?? folds.load(stream, row, definition)
      for (const [index, each] of this.#events.entries())
        if (!(each instanceof Ignored)) live.replay.apply(each, this.#metas[index]!)
    } catch (error) {
      if (error instanceof VerifyScratchError) throw error
      problems.ofEvent(event, new ApplyFailedError(event, definition.type.name, error))
      this.#notFolded++
      this.#giveUp(stream, row)
      return undefined
    }
    const compared =
      table.snapshot.get(row) === event.version
        ? snapshots?.compare(event, row, definition, live.replay)
        : undefined
    folds.folded(live)
    return compared
  }

  /** Without this event the state is none that ever was: the stream is folded no further. */
  #giveUp(stream: string, row: number): void {
    this.#parts.table.givenUp.set(row, 1)
    this.#parts.folds.forget(stream, row)
  }

  #aggregateOf(stream: string): AggregateDefinition | undefined {
    return this.#aggregates.get(stream.slice(0, stream.indexOf('-')))
  }
}
