import type { Clock, EventStore } from '@hindcast/core'

/** What a fault may know of the log that it is planted in. */
export interface PlantedLog {
  /** 1 when the log is opened for the first time, one more with every reopening. */
  opening: number
  /** The healthy stores that were opened on the log. */
  readonly stores: EventStore[]
  /** The clock that the last store was opened with. */
  clock: Clock
}

/** Puts something broken between the suite and a healthy store. */
export type Plant = (store: EventStore, log: PlantedLog) => EventStore

/** A store that breaks one promise. */
export interface Fault {
  readonly plant: Plant
  /** The names of the cases that fail because of it. */
  readonly caughtBy: readonly string[]
  /** True when a case can notice it only by waiting in vain. */
  readonly hangs?: true
}

/** Faults by what they do wrong. */
export type Faults = Readonly<Record<string, Fault>>
