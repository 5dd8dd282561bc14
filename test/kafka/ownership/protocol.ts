/** How a worker process is started. */
export interface WorkerOrder {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly group: string
  readonly sessionTimeoutMs: number
}

/** Where a partition's worker goes on, and as which owner. */
export interface Claimed {
  readonly next: string
  readonly epoch: number
}

/** What a worker asks of the process that has the read model; each question has a number and gets one answer. */
export type Question = { readonly number: number; readonly partition: number } & (
  | { readonly ask: 'assigned' | 'revoked' | 'claim' }
  | {
      readonly ask: 'commit'
      readonly from: string
      readonly next: string
      readonly epoch: number
      readonly ids: readonly string[]
    }
)

/** The answer to a question. */
export interface Answer {
  readonly number: number
  readonly value: Claimed | boolean
}
