import type { BuildPhase, ProjectionStep } from '@hindcast/core'

/** Where an operating process does something to itself. */
export type TrapAt =
  /** When it has done a step for the how manyeth time. */
  | { readonly step: ProjectionStep; readonly time: number }
  /** When it enters a phase. */
  | { readonly phase: BuildPhase }
  /** When it has come to the last of these statements, one after the other on one connection, each named by what it begins with. */
  | { readonly statements: readonly string[]; readonly when: 'sent' | 'answered' }

/** What an operating process is told. */
export interface OperatorOrder {
  /** The folder of the log. */
  readonly log: string
  /** The PostgreSQL database. */
  readonly url: string
  /** What it does. Default: rebuild. */
  readonly operation?: 'rebuild' | 'rollback' | 'copy' | 'release'
  /** The persisted name of the projection. */
  readonly projection: string
  /** The schema that a copy makes. */
  readonly into?: string
  readonly maxEventsPerSecond?: number
  readonly trap?: { readonly at: TrapAt; readonly signal: 'SIGKILL' | 'SIGSTOP' }
}

/** How it ended: with a code, or without. */
export interface Operated {
  readonly code: string | undefined
}
