import { messageInfo, type Newable } from '../message/message.js'
import type { ProjectionDefinition } from '../projection/definition/definition.js'
import type { SourceOptions } from './start-options.js'

/** Projections of one name and version, and projected events that nobody declares. @internal */
export function sourceProblems(
  projections: readonly ProjectionDefinition[],
  own: readonly Newable[],
  sources: readonly SourceOptions[],
): readonly string[] {
  const problems: string[] = []
  const declared = new Set<Newable>([...own, ...sources.flatMap(source => source.events)])
  const byVersion = new Map<string, ProjectionDefinition>()
  for (const projection of projections) {
    const version = `${projection.name} ${projection.version}`
    const before = byVersion.get(version)
    if (before)
      problems.push(
        `two projections are called "${projection.name}" version ${projection.version}: ${before.type.name} and ${projection.type.name}; ` +
          'give each a name or a version of its own',
      )
    byVersion.set(version, projection)
    for (const event of projection.events)
      if (!declared.has(event))
        problems.push(
          `projection "${projection.name}" reads event "${messageInfo(event)?.name ?? event.name}", which no registered aggregate applies and no source declares; ` +
            'register its aggregate, or name it in sources',
        )
  }
  return problems
}
