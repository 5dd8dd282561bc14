import { declareProjection, type ProjectionDeclaration } from './declarations.js'
import type { FailurePolicy } from './failure-policy.js'
import type { RowMark, RowProjection } from './row-projection.js'

/** What a row projection says about itself. */
export interface RowProjectionOptions<R extends object> {
  /** Raised with every change of rows or folds; each version has tables of its own. */
  readonly version: number
  /** The class of its rows, with @Column and @Key. */
  readonly row: new () => R
  /** What is done with an event that cannot be decoded or folded: `stop()`, `park()`, `skip()`. Default: `stop()`. */
  readonly onFailure?: FailurePolicy
}

/** What a SQL projection says about itself. */
export interface SqlProjectionOptions {
  /** Raised with every change of tables or handlers; each version has a schema of its own. */
  readonly version: number
  /** SQL that makes its tables, run once in the version's own schema before the first event. Default: none. */
  readonly tables?: string
  /** How long one call of a @Project method may take, in milliseconds: above 0, at most 3,600,000. Default 30,000. */
  readonly handlerTimeoutMs?: number
  /** What is done with an event that cannot be decoded or projected: `stop()`, `park()`, `skip()`. Default: `stop()`. */
  readonly onFailure?: FailurePolicy
}

/**
 * Names a row projection: `@Projection('balances', { version: 1, row: BalanceRow })`. The name is the name of its table,
 * `[a-z][a-z0-9_]*` of at most 50 characters, and never changes.
 */
export function Projection<R extends object>(
  name: string,
  options: RowProjectionOptions<R>,
): (type: new () => RowProjection<R>) => void
/** Names a SQL projection: `@Projection('routes', { version: 1, tables: 'create table …' })`, with @Project methods. */
export function Projection(
  name: string,
  options: SqlProjectionOptions,
): (type: new () => object & { readonly [K in RowMark]?: never }) => void
export function Projection(
  name: string,
  options: Omit<ProjectionDeclaration, 'name'>,
): (type: new () => never) => void {
  return type => declareProjection(type, { name, ...options })
}
