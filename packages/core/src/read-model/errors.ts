import { nearest } from '../catalog/nearest.js'
import { HindcastError } from '../error/hindcast-error.js'
import type { ParkedEvent } from './parked-event.js'
import type { CheckpointKey, ProjectionVersion } from './read-model-store.js'

/** Declarations of projections are wrong; everything is listed at once. Nothing was opened or written. */
export class ProjectionDefinitionError extends HindcastError<'HC_PROJECTION_DEFINITION'> {
  override readonly name = 'ProjectionDefinitionError'
  constructor(
    /** Everything that is wrong, a sentence each. */
    readonly problems: readonly string[],
  ) {
    super(
      'HC_PROJECTION_DEFINITION',
      `the projections cannot start:\n${problems.map(problem => `  - ${problem}`).join('\n')}`,
      { problems },
    )
  }
}

/** A view is asked for of a projection that was not given at start. */
export class ProjectionUnknownError extends HindcastError<'HC_PROJECTION_UNKNOWN'> {
  override readonly name = 'ProjectionUnknownError'
  constructor(projection: string, known: readonly string[]) {
    const near = nearest(projection, known)
    const meant = near === undefined ? '' : `. Did you mean ${near}?`
    super(
      'HC_PROJECTION_UNKNOWN',
      `projection ${projection} was not given at start (${known.length === 0 ? 'none was' : known.join(', ')})${meant || '; add its class to projections: […]'}`,
      { projection, known, ...(near !== undefined && { near }) },
    )
  }
}

/** SQL was asked of read models that are no SQL tables. */
export class SqlUnsupportedError extends HindcastError<'HC_SQL_UNSUPPORTED'> {
  override readonly name = 'SqlUnsupportedError'
  constructor(what: string, projection: string) {
    super(
      'HC_SQL_UNSUPPORTED',
      `${what} of projection "${projection}" needs SQL, and read models in memory have none. ` +
        "Use readModels: pglite('./data/views') or postgres(url) of @hindcast/projections",
      { what, projection },
    )
  }
}

/** The read model has not yet come to where the reader wants it: ask again. */
export class ReadModelBehindError extends HindcastError<'HC_READ_MODEL_BEHIND'> {
  override readonly name = 'ReadModelBehindError'
  constructor(projection: string, atLeast: string, reached: bigint, timeoutMs: number) {
    super(
      'HC_READ_MODEL_BEHIND',
      `projection "${projection}" has not come to position ${atLeast} within ${timeoutMs} ms: its next offset there is ${reached}. ` +
        'Ask again, or read without atLeast what is there; its health says whether a worker runs and how far it lags',
      { projection, atLeast, reached: String(reached), timeoutMs },
      { retryable: true },
    )
  }
}

/** The read model will not come to where the reader wants it before the process is restarted; `cause` says why. */
export class ProjectionStoppedError extends HindcastError<'HC_PROJECTION_STOPPED'> {
  override readonly name = 'ProjectionStoppedError'
  constructor(projection: string, atLeast: string, reached: bigint, state: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(
      'HC_PROJECTION_STOPPED',
      `projection "${projection}" will not come to position ${atLeast}: it has ${state} at offset ${reached} of that partition: ${reason}. ` +
        'Mend the cause and start again, or read without atLeast what is there',
      { projection, atLeast, reached: String(reached), state },
      { cause },
    )
  }
}

/** A read of a view has an option or a key that cannot be. */
export class ReadOptionsError extends HindcastError<'HC_READ_OPTIONS'> {
  override readonly name = 'ReadOptionsError'
  constructor(projection: string, reason: string) {
    super('HC_READ_OPTIONS', `the read of projection "${projection}" is refused: ${reason}`, {
      projection,
      reason,
    })
  }
}

/** The read models have not said in time where a projection stands: kept with its health. */
export class ReadModelSilentError extends HindcastError<'HC_READ_MODEL_SILENT'> {
  override readonly name = 'ReadModelSilentError'
  constructor(projection: string, timeoutMs: number) {
    super(
      'HC_READ_MODEL_SILENT',
      `the read models have not said within ${timeoutMs} ms where projection "${projection}" stands. ` +
        'See whether their database answers, is overloaded, or waits for a lock; nothing else is wrong as far as this process knows',
      { projection, timeoutMs },
      { retryable: true },
    )
  }
}

/** A tool looks at a version of which no app has made the tables yet. */
export class ReadModelMissingError extends HindcastError<'HC_READ_MODEL_MISSING'> {
  override readonly name = 'ReadModelMissingError'
  constructor(database: string, { projection, version }: ProjectionVersion) {
    super(
      'HC_READ_MODEL_MISSING',
      `${database} has no tables of projection "${projection}" version ${version}. An app with it makes them when it starts; ` +
        'if one has, this is another database',
      { database, projection, projectionVersion: version },
      { retryable: true },
    )
  }
}

/** The read models were closed. */
export class ReadModelsClosedError extends HindcastError<'HC_READ_MODELS_CLOSED'> {
  override readonly name = 'ReadModelsClosedError'
  constructor(operation: string) {
    super(
      'HC_READ_MODELS_CLOSED',
      `${operation} refused: the read models are closed. Start the app again to go on`,
      { operation },
    )
  }
}

/** What the reader wants is parked: it is not in the read model before somebody retries or drops it. */
export class ReadModelParkedError extends HindcastError<'HC_READ_MODEL_PARKED'> {
  override readonly name = 'ReadModelParkedError'
  constructor(
    projection: string,
    atLeast: string,
    /** The first parked event that is in the way. */
    readonly parked: ParkedEvent,
  ) {
    const { offset, stream, streamVersion, type, keys, code, message } = parked
    super(
      'HC_READ_MODEL_PARKED',
      `projection "${projection}" does not show position ${atLeast}: event "${type}" of stream "${stream}", version ${streamVersion}, ` +
        `offset ${offset}, is parked with key ${keys.map(key => JSON.stringify(key)).join(', ')} (${code}: ${message}). ` +
        'Mend the cause and retry it, or drop it; read without atLeast what is there',
      { projection, atLeast, offset: String(offset), stream, streamVersion, type, keys, parkedCode: code },
    )
  }
}

/** The tables of a projection version were made by other declarations. */
export class ReadModelShapeError extends HindcastError<'HC_READ_MODEL_SHAPE'> {
  override readonly name = 'ReadModelShapeError'
  constructor(projection: string, version: number, found: string, wanted: string) {
    super(
      'HC_READ_MODEL_SHAPE',
      `the tables of projection "${projection}" version ${version} were made as ${found}, and its class now says ${wanted}. ` +
        `Raise its version to ${version + 1}: the new version gets tables of its own and is folded from the beginning`,
      { projection, version, found, wanted },
    )
  }
}

/** Read models hold checkpoints of a log that the app does not read: their rows are of other events. */
export class ReadModelOfAnotherLogError extends HindcastError<'HC_READ_MODEL_OF_ANOTHER_LOG'> {
  override readonly name = 'ReadModelOfAnotherLogError'
  constructor(projection: string, version: number, found: readonly string[], logs: readonly string[]) {
    super(
      'HC_READ_MODEL_OF_ANOTHER_LOG',
      `the rows of projection "${projection}" version ${version} were folded from log ${found.join(', ')}, and this app reads ${logs.join(', ')}. ` +
        'Use the read models that belong to this log, or empty ones, or raise the version of the projection',
      { projection, version, found, logs },
    )
  }
}

/** A checkpoint lies beyond the end of its log: the log is shorter than it was, or another one. */
export class CheckpointBeyondLogError extends HindcastError<'HC_CHECKPOINT_BEYOND_LOG'> {
  override readonly name = 'CheckpointBeyondLogError'
  constructor({ projection, version, log, partition }: CheckpointKey, next: bigint, end: bigint) {
    super(
      'HC_CHECKPOINT_BEYOND_LOG',
      `projection "${projection}" version ${version} has folded partition ${partition} of log ${log} up to offset ${next}, and the log ends at ${end}: ` +
        'the log was restored from an older copy, or lost its end. Restore the read models of that time too, or raise the version of the projection to fold it anew',
      { projection, version, log, partition, next: String(next), end: String(end) },
    )
  }
}

/** Nothing is wrong with the event, it is parked because an earlier one of its keys is: never thrown, kept with the event. */
export class ParkedBehindError extends HindcastError<'HC_PARKED_BEHIND'> {
  override readonly name = 'ParkedBehindError'
  constructor(keys: readonly string[]) {
    super(
      'HC_PARKED_BEHIND',
      `it waits behind the parked events of ${keys.map(key => JSON.stringify(key)).join(', ')}`,
      { keys },
    )
  }
}

/** A request about parked events lacks what it needs; nothing was done. */
export class ParkedRequestError extends HindcastError<'HC_PARKED_REQUEST'> {
  override readonly name = 'ParkedRequestError'
  constructor(reason: string) {
    super('HC_PARKED_REQUEST', `the request is refused: ${reason}`, { reason })
  }
}

/** A rebuild works on the rows; workers stand back and try again. */
export class VersionHeldError extends HindcastError<'HC_VERSION_HELD'> {
  override readonly name = 'VersionHeldError'
  constructor(schema: string, owner: string) {
    super(
      'HC_VERSION_HELD',
      `schema ${schema} is being rebuilt by ${owner}; workers stand back until that ends and go on by themselves`,
      { schema, owner },
      { retryable: true },
    )
  }
}

/** Rebuilds, copies and roll-backs were asked of read models in memory. */
export class OperationsUnsupportedError extends HindcastError<'HC_OPERATIONS_UNSUPPORTED'> {
  override readonly name = 'OperationsUnsupportedError'
  constructor() {
    super(
      'HC_OPERATIONS_UNSUPPORTED',
      'read models in memory are folded anew at every start, so there is nothing to rebuild, copy, roll back or release. ' +
        "Use readModels: pglite('./data/views') or postgres(url) of @hindcast/projections",
      {},
    )
  }
}
