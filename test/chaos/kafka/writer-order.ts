import type { WriterOrder } from '../process/writer-order.js'

/** What a writer process on a Kafka log is told. */
export interface KafkaWriterOrder extends WriterOrder {
  readonly brokers: readonly string[]
  readonly topic: string
  /** Of the index. */
  readonly dataDir: string
  readonly clientId: string
  readonly role: Role
}

/**
 * `'writer'` appends and follows one partition from its end. The others append nothing and follow all partitions from where
 * their life before ended: `'reader'` through an index as processes that append do, `'worker'` straight from the topic.
 */
export type Role = 'writer' | 'reader' | 'worker'

/** What a writer process is told while it runs. */
export type KafkaWriterMessage =
  | 'stop'
  | { readonly clockOffMs: number }
  /** By partition: where those that only read must come before they end. */
  | { readonly stopAt: readonly string[] }

/** The principal of the writers. */
export const WRITER = { username: 'writer', password: 'writers-secret' } as const

/** Most appends go to half of the partitions for so long, then to another half: brokers forget those that are silent. */
export const FOCUS_MS = 6000

/** Processes with this ending of their client id are never shown that a batch was a duplicate. */
export const UNMARKED = '-unmarked'
