import type { ReadModelClause } from '../clause.js'

/** SQL, in stores that have it. */
export const sql: readonly ReadModelClause[] = []
