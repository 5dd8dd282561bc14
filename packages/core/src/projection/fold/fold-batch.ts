import type { Row } from '../declare/column-types.js'
import type { RowProjectionDefinition } from '../definition/definition.js'
import {
  AsyncFoldError,
  FoldFailedError,
  RowExistsError,
  RowKeyError,
  RowMissingError,
  RowValueError,
} from './fold-errors.js'
import { placeOf, type FoldStep } from './fold-plan.js'
import { RowProblem, type RowCodec } from '../row/row-codec.js'

/** What a batch of events makes of the rows that were loaded for it. */
export interface RowChanges {
  /** Rows to write whole, by key, whether they existed or not. */
  readonly upserts: ReadonlyMap<string, Row>
  /** Keys of rows that existed and are gone. */
  readonly deletes: readonly string[]
}

type FoldMethod = (...args: unknown[]) => unknown

/**
 * Folds in memory, in order. The rows of `before` are never touched: folds get copies of their own.
 *
 * @param rows - as they are now, null where there is none; changed
 * @param before - the rows that exist of those whose keys are not yet in `rows`
 * @throws RowExistsError, RowMissingError, RowKeyError, RowValueError, AsyncFoldError, FoldFailedError; then `rows` are of no
 *   use any more
 */
export function foldInto(
  rows: Map<string, Row | null>,
  projection: RowProjectionDefinition,
  codec: RowCodec,
  steps: readonly FoldStep[],
  before: ReadonlyMap<string, Row>,
): void {
  for (const step of steps) {
    let row = rows.get(step.key)
    if (row === undefined) {
      const existing = before.get(step.key)
      row = existing ? codec.copy(existing) : null
    }
    rows.set(step.key, foldOne(projection, codec, step, row))
  }
}

/** What is to be written when all is folded. */
export function changesOf(
  rows: ReadonlyMap<string, Row | null>,
  before: ReadonlyMap<string, Row>,
): RowChanges {
  const upserts = new Map<string, Row>()
  const deletes: string[] = []
  for (const [key, row] of rows)
    if (row) upserts.set(key, row)
    else if (before.has(key)) deletes.push(key)
  return { upserts, deletes }
}

function foldOne(
  projection: RowProjectionDefinition,
  codec: RowCodec,
  step: FoldStep,
  row: Row | null,
): Row | null {
  const { fold, event, meta, key } = step
  switch (fold.kind) {
    case 'insert':
      if (row) throw new RowExistsError(placeOf(projection, fold, meta, key))
      return rowOf(projection, codec, step, call(projection, step, [event, meta, key]))
    case 'update':
      if (!row) throw new RowMissingError(placeOf(projection, fold, meta, key), 'Update')
      return rowOrNull(projection, codec, step, call(projection, step, [row, event, meta, key]))
    case 'upsert':
      return rowOrNull(projection, codec, step, call(projection, step, [row ?? undefined, event, meta, key]))
    case 'delete':
      if (!row) throw new RowMissingError(placeOf(projection, fold, meta, key), 'Delete')
      call(projection, step, [row, event, meta, key])
      return null
  }
}

function call(projection: RowProjectionDefinition, step: FoldStep, args: readonly unknown[]): unknown {
  const { fold, meta, key } = step
  let result: unknown
  try {
    const method = (projection.instance as Record<string, FoldMethod>)[fold.method]!
    result = method.apply(projection.instance, args as unknown[])
  } catch (error) {
    throw new FoldFailedError(placeOf(projection, fold, meta, key), error)
  }
  if (isPromise(result)) {
    void result.then(undefined, () => {}) // its failure is no news: it is refused either way
    throw new AsyncFoldError(placeOf(projection, fold, meta, key))
  }
  return result
}

function rowOrNull(
  projection: RowProjectionDefinition,
  codec: RowCodec,
  step: FoldStep,
  result: unknown,
): Row | null {
  return result === null ? null : rowOf(projection, codec, step, result)
}

function rowOf(projection: RowProjectionDefinition, codec: RowCodec, step: FoldStep, result: unknown): Row {
  const { fold, meta, key } = step
  if (typeof result !== 'object' || result === null)
    throw new RowValueError(
      placeOf(projection, fold, meta, key),
      `it is ${result === null ? 'null' : typeof result}, not a row${result === undefined ? '; the method lacks a return' : ''}`,
    )
  const row = checkedRow(projection, codec, step, result)
  const own = codec.keyOf(row)
  if (own !== key)
    throw new RowKeyError(
      placeOf(projection, fold, meta, key),
      `${fold.method} was given key ${JSON.stringify(key)} and returned a row whose ${projection.row.key.name} is ${JSON.stringify(own)}; ` +
        'a fold changes only the row of its key (the option key names others)',
    )
  return row
}

function checkedRow(
  projection: RowProjectionDefinition,
  codec: RowCodec,
  { fold, meta, key }: FoldStep,
  result: object,
): Row {
  try {
    return codec.check(result)
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error
    throw new RowValueError(
      placeOf(projection, fold, meta, key),
      `column ${error.column} ${error.message}`,
      error.column,
    )
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  )
}
