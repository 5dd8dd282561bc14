import { HindcastError } from '../../error/hindcast-error.js'
import type { EventMeta } from '../../message/event-meta.js'

/** Which event could not be folded, by which projection, into which row. */
export interface FoldPlace {
  /** The projection's name. */
  readonly projection: string
  /** The projection's version. */
  readonly version: number
  /** The fold method. */
  readonly method: string
  /** The event: its type, stream, version and position. */
  readonly meta: EventMeta
  /** The key of the row; undefined while the keys are being found. */
  readonly key?: string
}

type FoldCode =
  | 'HC_ROW_EXISTS'
  | 'HC_ROW_MISSING'
  | 'HC_ROW_KEY'
  | 'HC_ROW_VALUE'
  | 'HC_FOLD_ASYNC'
  | 'HC_FOLD_FAILED'
  | 'HC_ROW_SHARED'
  | 'HC_SQL_HANDLER_FAILED'
  | 'HC_SQL_HANDLER_TIMEOUT'

/** An event cannot be folded. Nothing of its batch was written. */
export abstract class FoldError extends HindcastError<FoldCode> {
  /** Where it happened. */
  readonly place: FoldPlace
  protected constructor(code: FoldCode, what: string, place: FoldPlace, cause?: unknown) {
    const { projection, version, method, meta, key } = place
    super(
      code,
      `projection "${projection}" version ${version} cannot fold event "${meta.type}" of stream "${meta.stream}", ` +
        `version ${meta.version}, position ${meta.position}: ${what}`,
      {
        projection,
        projectionVersion: version,
        method,
        type: meta.type,
        stream: meta.stream,
        version: meta.version,
        position: meta.position,
        ...(key !== undefined && { key }),
      },
      { cause },
    )
    this.place = place
  }
}

/** An @Insert meets a row that exists. */
export class RowExistsError extends FoldError {
  override readonly name = 'RowExistsError'
  constructor(place: FoldPlace) {
    super(
      'HC_ROW_EXISTS',
      `row ${quoted(place.key)} exists already, and ${place.method} is an @Insert. Use @Upsert where it may exist`,
      place,
    )
  }
}

/** An @Update or @Delete meets no row. */
export class RowMissingError extends FoldError {
  override readonly name = 'RowMissingError'
  constructor(place: FoldPlace, kind: string) {
    super(
      'HC_ROW_MISSING',
      `row ${quoted(place.key)} does not exist, and ${place.method} is an @${kind}. ` +
        'Use @Upsert where it may be missing; rows fed from several partitions have no order between those',
      place,
    )
  }
}

/** A fold names rows by something that is no key, or returns a row of another key. */
export class RowKeyError extends FoldError {
  override readonly name = 'RowKeyError'
  constructor(place: FoldPlace, reason: string) {
    super('HC_ROW_KEY', reason, place)
  }
}

/** A fold returned something that its row class cannot hold. */
export class RowValueError extends FoldError {
  override readonly name = 'RowValueError'
  /** The column; undefined when what was returned is no row at all. */
  readonly column?: string
  constructor(place: FoldPlace, reason: string, column?: string) {
    super(
      'HC_ROW_VALUE',
      `${place.method} returned for row ${quoted(place.key)} what cannot be kept: ${reason}`,
      place,
    )
    if (column !== undefined) this.column = column
  }
}

/** A fold returned a promise: folding is synchronous. */
export class AsyncFoldError extends FoldError {
  override readonly name = 'AsyncFoldError'
  constructor(place: FoldPlace) {
    super(
      'HC_FOLD_ASYNC',
      `${place.method} returned a promise; folds are synchronous. Put what it waits for into the event, or use @Project`,
      place,
    )
  }
}

/** A fold method or its key function threw; `cause` is what it threw. */
export class FoldFailedError extends FoldError {
  override readonly name = 'FoldFailedError'
  constructor(place: FoldPlace, cause: unknown) {
    const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    super('HC_FOLD_FAILED', `${place.method} threw ${said}`, place, cause)
  }
}

/** A row that belongs to one category by the declarations is fed from another one, perhaps in another partition. */
export class RowSharedError extends FoldError {
  override readonly name = 'RowSharedError'
  constructor(place: FoldPlace, category: string) {
    super(
      'HC_ROW_SHARED',
      `its category "${place.meta.category}" is not "${category}", the only one whose aggregate applies the events of this projection, ` +
        `so row ${quoted(place.key)} could be changed from two partitions at once. ` +
        `Register the aggregate of category "${place.meta.category}", or give ${place.method} the option key`,
      place,
    )
  }
}

function quoted(key: string | undefined): string {
  return JSON.stringify(key ?? '')
}
