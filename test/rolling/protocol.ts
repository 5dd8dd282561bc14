import type { StreamVersion } from '@hindcast/core'
import type { LogPlace } from '../projections/appending.js'
import type { Kind } from './build.js'

/** How a process of the service is started. */
export interface ServiceOrder {
  readonly build: 'old' | 'new'
  readonly run: 'all' | 'commands'
  readonly log: LogPlace
  /** A folder of its own. */
  readonly dataDir: string
  /** How many aggregates keep their state; with 0, each command loads a snapshot and what comes behind it. */
  readonly cachedAggregates: number
  /** The PostgreSQL database. */
  readonly url: string
}

/** What it is asked; each question has a number and gets one answer. */
export type Question = { readonly number: number } & (
  | { readonly ask: 'execute'; readonly kind: Kind; readonly key: string; readonly id: string }
  | { readonly ask: 'show'; readonly aggregate: 'account' | 'jar'; readonly key: string }
  | { readonly ask: 'health' }
)

/** How a command ended. */
export type Executed = { readonly version: StreamVersion } | { readonly code: string }

/** A stream, as its aggregate has it. */
export interface Shown {
  readonly entries: readonly string[]
  /** The versions from which on it was folded to answer this; above 0 when a snapshot was used. */
  readonly foldedFrom: readonly number[]
}

/** How a projection stands in a partition. */
interface Standing {
  readonly projection: string
  readonly partition: number
  readonly state: string
  readonly code: string | undefined
  readonly parked: number
  readonly owner: string | undefined
}

/** What the health of the app says. */
export interface Health {
  readonly live: boolean
  readonly ready: boolean
  readonly reasons: readonly string[]
  readonly projections: readonly Standing[]
}

/** What a process says: that it has started, or an answer. */
export type Said = 'started' | { readonly number: number; readonly answer: unknown }
