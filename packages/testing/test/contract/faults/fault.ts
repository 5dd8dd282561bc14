import type { Clock, EventStore } from '@hindcast/core'
import type * as planted from '../../planted/fault.js'

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

/** Faults by what they do wrong. */
export type Faults = planted.Faults<Plant>
