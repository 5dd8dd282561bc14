import type { EventMeta } from '../../message/event-meta.js'
import type { FoldDefinition, RowProjectionDefinition } from '../definition/definition.js'
import type { DecodedEvent } from '../../catalog/event-catalog.js'
import { FoldFailedError, RowKeyError, RowSharedError, type FoldPlace } from './fold-errors.js'
import { rowKeyProblem } from '../row/row-key.js'
import type { RowSharing } from './row-sharing.js'

/** One fold to be done: one event into the row of one key. */
export interface FoldStep {
  /** How it is folded. */
  readonly fold: FoldDefinition
  /** The event's class. */
  readonly event: object
  /** Where it stands in the log and where it came from. */
  readonly meta: EventMeta
  /** The key of the stream: `acc-1` of `account-acc-1`. */
  readonly key: string
}

/** What a batch of events does to which rows, before any row is loaded. */
export interface FoldPlan {
  /** In the order of the events. */
  readonly steps: readonly FoldStep[]
  /** The rows to load, each once. */
  readonly keys: readonly string[]
}

/**
 * Finds the rows that a batch of events changes. Events that the projection does not fold are passed over.
 *
 * @throws FoldFailedError when a key function throws, RowKeyError when it returns no keys, RowSharedError when a row that needs
 *   no lock by {@link rowSharing} would need one.
 */
export function planFolds(
  projection: RowProjectionDefinition,
  sharing: RowSharing,
  events: readonly DecodedEvent[],
): FoldPlan {
  const steps: FoldStep[] = []
  const keys = new Set<string>()
  for (const { event, meta } of events) {
    const fold = projection.folds.get(Object.getPrototypeOf(event) as object)
    if (!fold) continue
    for (const key of foldKeys(projection, sharing, fold, event, meta)) {
      keys.add(key)
      steps.push({ fold, event, meta, key })
    }
  }
  return { steps, keys: [...keys] }
}

/** The keys of the rows that one event changes, each once; none of an event without a fold. @throws as {@link planFolds}. */
export function keysOfEvent(
  projection: RowProjectionDefinition,
  sharing: RowSharing,
  event: object,
  meta: EventMeta,
): readonly string[] {
  const fold = projection.folds.get(Object.getPrototypeOf(event) as object)
  return fold ? foldKeys(projection, sharing, fold, event, meta) : []
}

function foldKeys(
  projection: RowProjectionDefinition,
  sharing: RowSharing,
  fold: FoldDefinition,
  event: object,
  meta: EventMeta,
): readonly string[] {
  if (sharing.kind === 'single' && meta.category !== sharing.category)
    throw new RowSharedError(placeOf(projection, fold, meta, meta.key), sharing.category)
  if (!fold.key) return [meta.key]
  const named = askForKeys(projection, fold, event, meta)
  const keys = typeof named === 'string' ? [named] : named
  if (!Array.isArray(keys))
    throw new RowKeyError(
      placeOf(projection, fold, meta),
      `the option key of ${fold.method} must return a text or an array of texts, not ${typeof named}`,
    )
  for (const key of keys as readonly unknown[]) {
    const problem = rowKeyProblem(key)
    if (problem)
      throw new RowKeyError(
        placeOf(projection, fold, meta),
        `the option key of ${fold.method} returned ${problem}`,
      )
  }
  return keys.length > 1 ? [...new Set(keys as readonly string[])] : (keys as readonly string[])
}

function askForKeys(
  projection: RowProjectionDefinition,
  fold: FoldDefinition,
  event: object,
  meta: EventMeta,
): string | readonly string[] {
  try {
    return fold.key!(event, meta)
  } catch (error) {
    throw new FoldFailedError(
      placeOf(projection, { ...fold, method: `the option key of ${fold.method}` }, meta),
      error,
    )
  }
}

/** Where something happened, for an error. @internal */
export function placeOf(
  { name, version }: RowProjectionDefinition,
  { method }: FoldDefinition,
  meta: EventMeta,
  key?: string,
): FoldPlace {
  return { projection: name, version, method, meta, ...(key !== undefined && { key }) }
}
