import { countDefects, DEFECTS, type Defect, type DefectKind } from './checker/defect.js'
import type { History, Outcome } from './history/operation.js'

/** What a run tells, one JSON line. All defects must be 0. */
export interface Report extends Readonly<Record<DefectKind, number>> {
  readonly suite: 'chaos'
  readonly store: string
  readonly seed: number
  readonly seconds: number
  /** Attempts to append, repetitions among them. */
  readonly operations: number
  readonly acknowledged: number
  readonly refused: number
  readonly unknown: number
  /** Batches in the log that no reader takes for events, since they were not decided for the place where they are. */
  readonly void: number
  /** Events in the log. */
  readonly events: number
  /** Events that live readers saw. */
  readonly subscribed: number
  readonly faults: Readonly<Record<string, number>>
  /** The first few defects, for people. */
  readonly details: readonly string[]
  /** Where the journals are kept when the run has failed. */
  readonly kept?: string
  readonly ok: boolean
}

const MAX_DETAILS = 20

/** Adds up a run. */
export function report(run: {
  readonly store: string
  readonly seed: number
  readonly seconds: number
  readonly history: History
  readonly defects: readonly Defect[]
  readonly faults: Readonly<Record<string, number>>
  readonly void?: number
}): Report {
  const { attempts, log, subscriptions } = run.history
  const count = (...kinds: readonly Outcome['kind'][]): number =>
    attempts.filter(attempt => kinds.includes(attempt.outcome.kind)).length
  return {
    suite: 'chaos',
    store: run.store,
    seed: run.seed,
    seconds: Math.round(run.seconds),
    operations: attempts.length,
    acknowledged: count('appended'),
    refused: count('conflict', 'refused'),
    unknown: count('unknown'),
    void: run.void ?? 0,
    events: log.reduce((sum, events) => sum + events.length, 0),
    subscribed: subscriptions.reduce((sum, { eventIds }) => sum + eventIds.length, 0),
    ...countDefects(run.defects),
    faults: run.faults,
    details: run.defects.slice(0, MAX_DETAILS).map(({ kind, detail }) => `${kind}: ${detail}`),
    ok: run.defects.length === 0,
  }
}

/** The same for people. */
export function describeReport(result: Report): string {
  const { operations, acknowledged, refused, unknown, events, subscribed } = result
  const faults = Object.entries(result.faults).map(([kind, count]) => `${kind} ${count}`)
  const defects = (Object.keys(DEFECTS) as DefectKind[]).map(kind => `${kind} ${result[kind]}`)
  return [
    `${result.store}, seed ${result.seed}, ${result.seconds} s`,
    `  ${operations} operations: ${acknowledged} acknowledged, ${refused} refused, ${unknown} unknown; ${events} events, ${result.void} void batches, ${subscribed} events read live`,
    `  faults: ${faults.join(', ')}`,
    `  defects: ${defects.join(', ')}`,
    ...result.details.map(detail => `    ${detail}`),
    ...(result.kept === undefined ? [] : [`  journals: ${result.kept}`]),
    result.ok ? '  passed' : '  FAILED',
  ].join('\n')
}
