import { channel } from 'node:diagnostics_channel'
import type { Fence } from '../../read-model/read-model-store.js'

/**
 * What is done with a batch of events, in this order. The worker does `read`, `decoded`, `folded` (rows: in memory; SQL: the
 * handlers have ended) and `acknowledged`, the read-model store the others, each said when it is done; `rows-written` may be said
 * when the statements are sent, in front of the COMMIT. A batch of more than 500 events, far from the end of the log, is decoded
 * as it is folded: there `decoded` comes right before `folded`. What a worker folds ahead of its transactions is said when its
 * transaction begins: there `read` and `decoded` come right before `begun`.
 */
export type ProjectionStep =
  | 'read'
  | 'decoded'
  | 'begun'
  | 'checkpoint-written'
  | 'folded'
  | 'rows-written'
  | 'committed'
  | 'acknowledged'

/** Published on `hindcast:projections:step`. */
export interface StepDiagnostic {
  /** The log that it is about. */
  readonly logId: string
  /** What was done. */
  readonly step: ProjectionStep
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
  /** The partition. */
  readonly partition: number
  /** The next offset to fold before the batch. */
  readonly checkpoint: bigint
  /** The next offset to fold after it. */
  readonly next: bigint
}

const steps = channel('hindcast:projections:step')

/** Says that a step is done, synchronously; costs nothing when nobody subscribes. */
export function publishStep(step: ProjectionStep, fence: Omit<Fence, 'epoch'>): void {
  if (!steps.hasSubscribers) return
  const { log, projection, version, partition, from, next } = fence
  const diagnostic: StepDiagnostic = {
    logId: log,
    step,
    projection,
    version,
    partition,
    checkpoint: from,
    next,
  }
  steps.publish(diagnostic)
}
