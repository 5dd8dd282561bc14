/**
 * Who must be able to read whose events:
 *
 * - `backward`: today's code reads every event that was ever recorded.
 * - `forward`: code of before reads the events of today.
 * - `full`: both.
 */
export type Compatibility = 'backward' | 'forward' | 'full'
