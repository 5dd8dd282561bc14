import { HindcastError } from '../error/hindcast-error.js'

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
    super(
      'HC_PROJECTION_UNKNOWN',
      `projection ${projection} was not given at start (${known.length === 0 ? 'none was' : known.join(', ')}); add its class to projections: […]`,
      { projection, known },
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
