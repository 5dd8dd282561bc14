/** Where event times come from. Importers pass one that follows their data. */
export interface Clock {
  /** The time now. */
  now(): Date
}

/** The wall clock of this machine. */
export const systemClock: Clock = { now: () => new Date() }
