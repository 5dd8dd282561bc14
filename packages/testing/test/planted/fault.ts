/** A store that breaks one promise, and who must notice. */
export interface Fault<Plant> {
  /** Puts something broken between the suite and a healthy store. */
  readonly plant: Plant
  /** The names of the cases that fail because of it. */
  readonly caughtBy: readonly string[]
  /** True when a case can notice it only by waiting in vain. */
  readonly hangs?: true
}

/** Faults by what they do wrong. */
export type Faults<Plant> = Readonly<Record<string, Fault<Plant>>>
