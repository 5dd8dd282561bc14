import { kafka } from '@hindcast/kafka-store'
import { lmdb } from '@hindcast/lmdb-store'
import type { EventStoreFactory } from '@hindcast/core'

/** Where a log is, as processes tell each other. */
export type LogPlace =
  | { readonly kind: 'lmdb'; readonly folder: string }
  | { readonly kind: 'kafka'; readonly brokers: readonly string[]; readonly topic: string }

/** What a process that appends is told. */
export interface AppendingOrder {
  readonly log: LogPlace
  /** A folder of its own. */
  readonly dataDir: string
  /** How many events. */
  readonly times: number
}

/** What it says when it has done it. */
export interface Appended {
  /** How often each counter counted, and the last position at which it did. */
  readonly counters: readonly { readonly id: string; readonly times: number; readonly last: string }[]
}

/** The store of a process. */
export function storeOf(log: LogPlace, dataDir: string): EventStoreFactory {
  return log.kind === 'lmdb'
    ? lmdb(log.folder, { partitions: 4 })
    : kafka({ brokers: log.brokers, topic: log.topic, partitions: 4, dataDir })
}
