import type { BuildPhase, ProjectionStep } from '@hindcast/core'

/** What a rebuilding process is told. */
export interface RebuildOrder {
  /** The folder of the log. */
  readonly log: string
  /** The PostgreSQL database. */
  readonly url: string
  /** The persisted name of the projection. */
  readonly projection: string
  /** Where it does something to itself: when it has done a step for the how manyeth time, or enters a phase. */
  readonly trap?: {
    readonly at: { readonly step: ProjectionStep; readonly time: number } | { readonly phase: BuildPhase }
    readonly signal: 'SIGKILL' | 'SIGSTOP'
  }
}

/** How it ended: with a code, or without. */
export interface Rebuilt {
  readonly code: string | undefined
}
