import type { MemoryTables, ReadModelStore } from '@hindcast/core'
import type * as planted from '../../planted/fault.js'

/** What a fault may know of the read models that it is planted in. */
export interface PlantedReadModels {
  /** The tables, which outlive the stores. */
  readonly tables: MemoryTables
  /** 1 when they are opened for the first time, one more with every reopening. */
  readonly opening: number
  /** The healthy stores that were opened on them. */
  readonly stores: ReadModelStore[]
  /** What the fault wants to remember from store to store. */
  readonly notes: Map<string, unknown>
}

/** Puts something broken between the suite and a healthy store. */
export type Plant = (store: ReadModelStore, models: PlantedReadModels) => ReadModelStore

/** Faults by what they do wrong. */
export type Faults = planted.Faults<Plant>
