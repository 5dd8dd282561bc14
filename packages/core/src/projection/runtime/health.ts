import type { OwnerState } from '../../read-model/standing.js'

/**
 * How a partition of a projection stands: what its owner says, in whichever process that is; or `silent`: its owner has
 * reported nothing for 15 seconds; or `unowned`: no worker has claimed it, or its owner has not spoken yet; or `unknown`: the
 * read models cannot be asked, or have not answered within two seconds.
 */
export type WorkerState = OwnerState | 'silent' | 'unowned' | 'unknown'

/** How one projection stands in one partition of one log. */
export interface ProjectionHealth {
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
  /** The log's id. */
  readonly log: string
  /** The partition. */
  readonly partition: number
  /** What its worker does. */
  readonly state: WorkerState
  /** Why it does not go on: what was thrown here, or code and message as another process reported them. */
  readonly error?: unknown
  /** Whose worker that is, `<host>:<pid>`; undefined when there is none. */
  readonly owner?: string
  /** True when the worker is one of this process. */
  readonly here: boolean
  /** False from the start of a worker of this process until it has been live, or has halted, once. */
  readonly settled: boolean
  /** The next offset to fold; where the read models cannot be asked, the last one that this process knows of, else 0n. */
  readonly checkpoint: bigint
  /** The end of the partition, as this process knows it. */
  readonly end: bigint
  /** How many records lie between; some may be no events of this projection. */
  readonly lagEvents: number
  /** How old the oldest event between is, in milliseconds; 0 when there is none, undefined when the log does not say in time. */
  readonly lagMs?: number
  /** How many events the worker has folded a second over the last ten seconds. */
  readonly eventsPerSecond: number
  /** How many events are parked; 0 where the read models cannot be asked. */
  readonly parked: number
}
