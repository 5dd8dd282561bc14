import type { RowProjectionDefinition } from '../definition/definition.js'
import type { LogSource } from '../source/log-source.js'

/**
 * Whether workers of different partitions may change one row at the same time.
 *
 * - `single`: no. Every row belongs to one stream of one category, and a stream lies in one partition.
 * - `shared`: perhaps. Rows must be locked while they are changed.
 */
export type RowSharing = { readonly kind: 'single'; readonly category: string } | { readonly kind: 'shared' }

const SHARED: RowSharing = { kind: 'shared' }

/**
 * Decides by the declarations alone whether a projection's rows need locks.
 *
 * They need none only if every fold keeps to the row of its stream's key, all events come from one log and from aggregates
 * of one category. One fold with a key of its own makes all rows shared, because it may name any of them; so do two
 * categories, because `account-1` and `customer-1` are one key in two partitions. What is unknown counts as shared.
 */
export function rowSharing(
  projection: RowProjectionDefinition,
  sources: readonly Pick<LogSource, 'categoriesOf'>[],
): RowSharing {
  for (const fold of projection.folds.values()) if (fold.key) return SHARED
  const feeding = sources.map(source => categoriesFed(projection, source))
  const [only, ...others] = feeding.filter(categories => categories === undefined || categories.size > 0)
  if (!only || others.length > 0 || only.size !== 1) return SHARED
  return { kind: 'single', category: [...only][0]! }
}

/** The categories a log feeds the projection from; undefined when that is not known. */
function categoriesFed(
  projection: RowProjectionDefinition,
  { categoriesOf }: Pick<LogSource, 'categoriesOf'>,
): ReadonlySet<string> | undefined {
  const categories = new Set<string>()
  for (const event of projection.events) {
    const known = categoriesOf?.(event)
    if (!known) return undefined
    for (const category of known) categories.add(category)
  }
  return categories
}
