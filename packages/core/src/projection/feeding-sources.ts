import type { ProjectionDefinition } from './definition.js'
import type { LogSource } from './projection-runtime.js'

/** The logs that have events of a projection. */
export function feedingSources(
  projection: ProjectionDefinition,
  sources: readonly LogSource[],
): readonly LogSource[] {
  return sources.filter(source => projection.events.some(event => source.categoriesOf?.(event)?.length !== 0))
}
