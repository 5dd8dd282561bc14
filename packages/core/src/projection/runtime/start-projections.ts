import type { HindcastError } from '../../error/hindcast-error.js'
import { ProjectionDefinitionError, ReadModelMissingError } from '../../read-model/errors.js'
import type { ReadModelOperations } from '../../read-model/operations.js'
import type { ReadModelStore } from '../../read-model/read-model-store.js'
import type { PartitionOwnership } from '../ownership/partition-ownership.js'
import { ProjectionProcess } from './projection-process.js'
import type { ProjectionRuntime, ReadModelsHost } from './projection-runtime.js'
import { Projections } from './projections.js'

/** What projections run on. */
export interface ProjectionParts {
  /** What the app gives. */
  readonly host: ReadModelsHost
  /** Closed with the projections, also when they cannot start. */
  readonly store: ReadModelStore
  /** How the workers of one log share its partitions. */
  readonly ownershipOf: (log: string) => PartitionOwnership
  /** What operators do; disposed first. Default: refused, as in memory. */
  readonly operations?: ReadModelOperations & AsyncDisposable
}

/**
 * Starts projections on a read-model store. Where that is away for a while they are tried again until it is there: their
 * health says why they wait, and their views throw that.
 *
 * @throws ProjectionDefinitionError that lists everything wrong with the projections; what the store throws when it cannot
 *   be prepared, and waiting does not help.
 */
export async function startProjections(parts: ProjectionParts): Promise<ProjectionRuntime> {
  const { host, store } = parts
  const started = new Projections(store, parts.operations)
  try {
    const problems = definitionProblems(host)
    if (problems.length > 0) throw new ProjectionDefinitionError(problems)
    let waitsFor: HindcastError | undefined
    for (const projection of host.projections) {
      const process = new ProjectionProcess(projection, parts)
      started.add(process)
      const error = await process.open(waitsFor)
      // That one version is missing says nothing of the next.
      waitsFor = error instanceof ReadModelMissingError ? undefined : error
    }
    return started
  } catch (error) {
    await started[Symbol.asyncDispose]()
    throw error
  }
}

function definitionProblems({ projections }: ReadModelsHost): readonly string[] {
  const problems = projections.flatMap(projection => projection.problems)
  const versions = projections.map(({ name, version }) => `"${name}" version ${version}`)
  for (const version of new Set(versions))
    if (!version.startsWith('""') && versions.indexOf(version) !== versions.lastIndexOf(version))
      problems.push(`two projections are called ${version}; give each a name or a version of its own`)
  return problems
}
