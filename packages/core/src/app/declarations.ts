import { EventCatalog } from '../catalog/event-catalog.js'
import type { Newable } from '../message/message.js'
import type { ProjectionDefinition } from '../projection/definition/definition.js'
import { projectionInfo } from '../projection/definition/projection-info.js'
import type { LogSource } from '../projection/source/log-source.js'
import type { EventStore, StoreHost } from '../store/event-store.js'
import type { Cleanup } from './cleanup.js'
import { buildRegistry, type Registry } from './registry.js'
import { sourceProblems } from './source-problems.js'
import type { SourceOptions, StartOptions } from './start-options.js'

/** What an app declares, and what is wrong with it. @internal */
export interface Declarations {
  readonly registry: Registry
  readonly catalog: EventCatalog
  readonly foreign: readonly (SourceOptions & { readonly catalog: EventCatalog })[]
  readonly projections: readonly ProjectionDefinition[]
  readonly problems: readonly string[]
}

/** Reads the declarations of an app; opens nothing, never throws. @internal */
export function declarationsOf(options: StartOptions): Declarations {
  const registry = buildRegistry(options.aggregates)
  const catalog = new EventCatalog(registry.events as never, options.upcasters ?? [])
  const foreign = (options.sources ?? []).map(source => ({
    ...source,
    catalog: new EventCatalog(source.events, source.upcasters ?? []),
  }))
  const projections = (options.projections ?? []).map(projectionInfo)
  const problems = [
    ...registry.problems,
    ...[catalog, ...foreign.map(source => source.catalog)].flatMap(each => each.problems),
    ...projections.flatMap(projection => projection.problems),
    ...sourceProblems(projections, registry.events, options.sources ?? []),
  ]
  return { registry, catalog, foreign, projections, problems }
}

/** Opens the other logs that the projections read. Gives all, the app's own first. @internal */
export async function openSources(
  { registry, catalog, foreign }: Declarations,
  store: EventStore,
  host: StoreHost,
  cleanup: Cleanup,
): Promise<readonly LogSource[]> {
  const { categoriesOf, partitionKeyOf } = registry
  const sources: LogSource[] = [{ store, catalog, categoriesOf, partitionKeyOf }]
  for (const source of foreign) {
    const opened = await source.store({ ...host, run: 'workers' })
    cleanup.defer(() => opened[Symbol.asyncDispose]())
    const declared = (event: Newable): undefined | [] =>
      (source.events as readonly Newable[]).includes(event) ? undefined : []
    sources.push({ store: opened, catalog: source.catalog, categoriesOf: declared })
  }
  return sources
}
