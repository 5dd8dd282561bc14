import {
  CheckpointBeyondLogError,
  projectionInfo,
  ReadModelOfAnotherLogError,
  type Newable,
  type OpenedReadModels,
  type RecordedEvent,
} from '@hindcast/core'
import { ParkedEventMissingError } from './errors.js'
import type { Problems } from './problems.js'
import type { VerifiedReadModels } from './verify-report.js'

/** Read models of an app, opened to look at them. */
export interface ReadModelsToVerify {
  /** Opens them; they are closed before the log is read. */
  readonly open: () => Promise<OpenedReadModels>
  /** The projections whose parked events are looked for in the log. */
  readonly projections: readonly Newable[]
}

/** A checkpoint, and whose it is. */
interface Checkpoint {
  readonly projection: string
  readonly version: number
  readonly log: string
  readonly partition: number
  readonly next: bigint
}

interface Parked {
  readonly projection: string
  readonly log: string
  readonly partition: number
  readonly offset: bigint
  readonly stream: string
}

/** What read models say of logs. Everything in it was in them before the ends of the log are asked for. */
export class ReadModelChecks {
  /** Parked events of the log that were not met yet, by partition and offset. */
  readonly #awaited = new Map<number, Map<bigint, Parked[]>>()
  readonly #parked: number

  private constructor(
    private readonly logId: string,
    private readonly checkpoints: readonly Checkpoint[],
    /** The ends of all logs but this one, by log and partition. */
    private readonly others: ReadonlyMap<string, bigint>,
    parked: readonly Parked[],
    private readonly problems: Problems,
  ) {
    const here = parked.filter(({ log }) => log === logId)
    this.#parked = here.length
    for (const each of here) {
      const offsets = this.#awaited.get(each.partition) ?? new Map<bigint, Parked[]>()
      this.#awaited.set(each.partition, offsets)
      offsets.set(each.offset, [...(offsets.get(each.offset) ?? []), each])
    }
  }

  /** Looks at read models, and closes them. @throws what opening and asking them throws */
  static async of(
    { open, projections }: ReadModelsToVerify,
    logId: string,
    problems: Problems,
  ): Promise<ReadModelChecks> {
    await using opened = await open()
    const { runtime } = opened
    const versions = await runtime.operations.versions()
    const checkpoints = versions.flatMap(({ projection, version, cut }) =>
      cut.map(place => ({ projection, version, ...place })),
    )
    const parked: Parked[] = []
    for (const type of projections)
      for (const { log, partition, offset, stream } of await runtime.parked(type).list())
        parked.push({ projection: projectionInfo(type).name, log, partition, offset, stream })
    const others = new Map<string, bigint>()
    for (const { log, partition, end } of await runtime.health())
      if (log !== logId) others.set(`${log}/${partition}`, end)
    return new ReadModelChecks(logId, checkpoints, others, parked, problems)
  }

  /** What was looked at. */
  get result(): VerifiedReadModels {
    return { checkpoints: this.checkpoints.length, parked: this.#parked }
  }

  /** Finds checkpoints that lie in no log of the app, or behind its end. */
  checkCheckpoints(ends: readonly bigint[]): void {
    const logs = [
      ...new Set([this.logId, ...[...this.others.keys()].map(key => key.slice(0, key.lastIndexOf('/')))]),
    ]
    const unknown = new Set<string>()
    for (const checkpoint of this.checkpoints) {
      const { projection, version, log, partition, next } = checkpoint
      const end = log === this.logId ? ends[partition] : this.others.get(`${log}/${partition}`)
      if (logs.includes(log)) {
        if (next > (end ?? 0n))
          this.problems.ofNoPlace(new CheckpointBeyondLogError(checkpoint, next, end ?? 0n))
        continue
      }
      // One for all its partitions.
      const key = `${projection} ${version} ${log}`
      if (!unknown.has(key))
        this.problems.ofNoPlace(new ReadModelOfAnotherLogError(projection, version, [log], logs))
      unknown.add(key)
    }
  }

  /** An event of the log: it may be one that is parked. */
  meet({ partition, offset, stream }: RecordedEvent): void {
    const offsets = this.#awaited.get(partition)
    const parked = offsets?.get(offset)
    if (!parked) return
    const others = parked.filter(each => each.stream !== stream)
    if (others.length > 0) offsets!.set(offset, others)
    else offsets!.delete(offset)
  }

  /** A partition was read up to an offset: what is parked below it, and was not met, is not there. */
  read(partition: number, next: bigint): void {
    const missing = [...(this.#awaited.get(partition) ?? [])].filter(([offset]) => offset < next)
    for (const [offset, parked] of missing)
      for (const { projection, ...each } of parked)
        this.problems.ofPartition(partition, offset, new ParkedEventMissingError(projection, each))
  }
}
