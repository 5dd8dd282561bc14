/**
 * What SQL of a user may have left on a session behind a commit, taken back: settings, role, cursors, listening, advisory
 * locks, temporary tables. DISCARD ALL is not used: it would also throw away the plans of the statements that are kept.
 *
 * It travels with the commit, in one round trip. Measured for a transaction of one statement: 0.04 to 0.07 ms of 0.2 ms, once
 * a batch.
 */
export const FORGET =
  'set session authorization default; reset all; close all; unlisten *; select pg_advisory_unlock_all(); discard temp; discard sequences'
