import {
  FoldTarget,
  MemoryReadModelStore,
  projectionInfo,
  type DecodedEvent,
  type RowProjectionDefinition,
} from '@hindcast/core'
import { GoldenReplayError } from './errors.js'
import type { GoldenFile } from './golden-event.js'
import type { GoldenParts, Untried } from './replay.js'

const LOG_ID = 'golden'

/** Folds the events of a golden file into every projection, in memory. @throws GoldenReplayError @internal */
export async function projectGolden(
  golden: GoldenFile,
  file: string,
  { projections = [] }: GoldenParts,
  decoded: readonly (readonly DecodedEvent[])[],
): Promise<Untried> {
  const untried: string[] = []
  for (const type of projections) {
    const definition = projectionInfo(type)
    if (definition.kind === 'rows') untried.push(...(await foldAll(golden, file, definition, decoded)))
    else untried.push(`projection "${definition.name}" runs SQL, which needs a database; it is passed over`)
  }
  return untried
}

async function foldAll(
  golden: GoldenFile,
  file: string,
  definition: RowProjectionDefinition,
  decoded: readonly (readonly DecodedEvent[])[],
): Promise<Untried> {
  const untried: string[] = []
  await using store = new MemoryReadModelStore()
  await store.prepare(definition, [LOG_ID])
  const target = new FoldTarget(definition, [{}], store)
  const at = { projection: definition.name, version: definition.version, log: LOG_ID, partition: 0 }
  const { epoch, next } = await store.claim(at)
  let from = next
  for (const [index, events] of decoded.entries())
    try {
      const to = BigInt(index) + 2n
      await target.apply({ ...at, from, epoch, next: to }, [events])
      from = to
    } catch (error) {
      const { type, schemaVersion } = golden.events[index]!
      const what = { type, schemaVersion, projection: definition.name }
      // The row may have been made by an event of another stream, which this file does not have.
      if ((error as { readonly code?: string }).code !== 'HC_ROW_MISSING')
        throw new GoldenReplayError(file, index + 2, 'projection', what, error)
      untried.push(
        `${file}:${index + 2}: projection "${definition.name}" has no row for it; an event of another stream may make that`,
      )
    }
  return untried
}
