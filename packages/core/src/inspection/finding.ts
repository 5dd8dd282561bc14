/**
 * How something stands that a promise depends on:
 *
 * - `right`: it is as it must be.
 * - `doubtful`: everything works, with a cost or a risk that should be known.
 * - `wrong`: a promise does not hold, or the app does not work.
 * - `unknown`: it could not be found out. Never taken for right.
 */
export type Verdict = 'right' | 'doubtful' | 'wrong' | 'unknown'

/** One thing that a promise depends on, as it was found. */
export interface Finding {
  /** What was looked at: `topic "bank": retention.ms`. */
  readonly subject: string
  /** What it is. */
  readonly value: string
  /** How that stands. */
  readonly verdict: Verdict
  /** What depends on it, and what to do about it; of what is right, undefined. */
  readonly fix?: string
}

/** Something that can look at what its promises depend on. */
export interface Inspectable {
  /** Looks, and changes nothing. What cannot be found out is `unknown`; it never throws. */
  readonly inspect?: () => Promise<readonly Finding[]>
}
