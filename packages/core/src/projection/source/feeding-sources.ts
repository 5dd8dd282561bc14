import type { ProjectionDefinition } from '../definition/definition.js'
import type { LogSource } from './log-source.js'

/** The logs that have events of a projection. */
export function feedingSources(
  projection: ProjectionDefinition,
  sources: readonly LogSource[],
): readonly LogSource[] {
  return sources.filter(source => projection.events.some(event => source.categoriesOf?.(event)?.length !== 0))
}
