import type { ProjectionStep } from '@hindcast/core'

/** Where a worker process does something to itself. */
interface Trap {
  readonly step: ProjectionStep
  /** The how manyeth time, from 1. */
  readonly time: number
  readonly signal: 'SIGKILL' | 'SIGSTOP'
}

/** What a worker process is told. */
export interface WorkerOrder {
  /** The folder of the log. */
  readonly log: string
  /** The PostgreSQL database. */
  readonly url: string
  /** `'all'`: it works on every partition, whoever else does; `'shared'`: on those that advisory locks give it. */
  readonly partitions: 'all' | 'shared'
  readonly trap?: Trap
}

/** What a worker process says. */
export type WorkerMessage =
  { readonly said: 'started' | 'folded' } | { readonly said: 'ended'; readonly committed: number }
