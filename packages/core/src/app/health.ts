import { inspect } from 'node:util'
import { HindcastError } from '../error/hindcast-error.js'
import type { ProjectionHealth, WorkerState } from '../projection/runtime/health.js'

/** How an app stands: for liveness and readiness probes, dashboards, and people. */
export interface AppHealth {
  /**
   * False when only a restart helps: the app has stopped, or a worker of this process has died of something unforeseen. What a
   * restart would not mend, an event that cannot be folded or a database that is away, leaves it true.
   */
  readonly live: boolean
  /**
   * True when this process should get requests: it is live, is not stopping, and each of its workers has caught up once since
   * the start, or has halted. Falling behind later leaves it true: readers that must not see old rows say `atLeast`.
   */
  readonly ready: boolean
  /** Everything that is not as it should be, a sentence each, also what makes neither of the two false. */
  readonly reasons: readonly string[]
  /** How each projection stands in each partition of each log. */
  readonly projections: readonly ProjectionHealth[]
}

const NOT_WELL: Readonly<Partial<Record<WorkerState, string>>> = {
  retrying: 'is tried again',
  paused: 'is paused until its process is upgraded',
  stopped: 'has stopped',
  silent: 'has an owner that reports nothing any more',
  unowned: 'has no worker',
  unknown: 'cannot be asked how it stands',
}

/** Draws the conclusions from how the projections stand. @internal */
export function appHealth(
  projections: readonly ProjectionHealth[],
  app: 'running' | 'stopping' | 'stopped',
): AppHealth {
  const died = projections.some(
    ({ here, state, error }) => here && state === 'stopped' && !(error instanceof HindcastError),
  )
  const live = app !== 'stopped' && !died
  const ready = live && app === 'running' && projections.every(({ settled }) => settled)
  const reasons = app === 'running' ? [] : [`the app ${app === 'stopping' ? 'is stopping' : 'has stopped'}`]
  return { live, ready, reasons: [...reasons, ...projections.flatMap(reasonsOf)], projections }
}

function reasonsOf(health: ProjectionHealth): readonly string[] {
  const { projection, partition, log, state, error, owner, settled, lagEvents, parked } = health
  const where = `projection "${projection}" in partition ${partition} of log ${log}`
  const reasons: string[] = []
  const what = NOT_WELL[state]
  if (what !== undefined)
    reasons.push(`${where} ${what}${owner === undefined ? '' : ` (${owner})`}${saidOf(error)}`)
  else if (!settled) reasons.push(`${where} catches up, ${lagEvents} records behind`)
  if (parked > 0) reasons.push(`${where} has ${parked} parked ${parked === 1 ? 'event' : 'events'}`)
  return reasons
}

/** An error that was thrown here, or what another process reported of one. */
function saidOf(error: unknown): string {
  if (error === undefined) return ''
  if (typeof error === 'object' && error !== null && 'message' in error) return `: ${error.message as string}`
  return `: ${inspect(error)}`
}
