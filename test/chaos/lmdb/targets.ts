import type { FaultCounts } from './faults.js'

/** What a run must have seen; one that has not seen it has shown nothing. */
export interface Targets {
  readonly sigkill: number
  readonly sigstop: number
  readonly acknowledged: number
}

const FULL: Targets = { sigkill: 30, sigstop: 10, acknowledged: 20_000 }
const FULL_SECONDS = 30

/** The targets of a run of so many seconds: the full ones from 30 seconds on. */
export function targetsOf(seconds: number): Targets {
  const share = Math.min(1, seconds / FULL_SECONDS)
  return {
    sigkill: Math.ceil(FULL.sigkill * share),
    sigstop: Math.ceil(FULL.sigstop * share),
    acknowledged: Math.ceil(FULL.acknowledged * share),
  }
}

/** True when there was enough of everything, and at least half of the kills met an append in flight. */
export function reached(targets: Targets, faults: FaultCounts, acknowledged: number): boolean {
  return (
    faults.sigkill >= targets.sigkill &&
    faults.sigstop >= targets.sigstop &&
    faults.sigkillInFlight * 2 >= faults.sigkill &&
    acknowledged >= targets.acknowledged
  )
}
