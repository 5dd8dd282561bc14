import { HindcastError } from '../error/hindcast-error.js'

/** The app cannot start; everything that is wrong is listed at once. Nothing was opened or written. */
export class StartError extends HindcastError<'HC_START'> {
  override readonly name = 'StartError'
  constructor(
    /** Everything that is wrong, a sentence each. */
    readonly problems: readonly string[],
  ) {
    super(
      'HC_START',
      `the app cannot start, ${problems.length === 1 ? 'one thing is' : `${problems.length} things are`} wrong:\n${problems.map(p => `  - ${p}`).join('\n')}`,
      { problems },
    )
  }
}

/** The app is stopping or stopped and takes no more commands; nothing was written. */
export class AppStoppedError extends HindcastError<'HC_APP_STOPPED'> {
  override readonly name = 'AppStoppedError'
  constructor(what: string) {
    super(
      'HC_APP_STOPPED',
      `${what} refused: the app is stopping or has stopped; nothing was written. Send it to another process, or start the app again`,
      { what },
      { retryable: true },
    )
  }
}

/** This process was started for other work (`run: 'workers'` takes no commands). */
export class NotRunHereError extends HindcastError<'HC_NOT_RUN_HERE'> {
  override readonly name = 'NotRunHereError'
  constructor(what: string, run: string) {
    super(
      'HC_NOT_RUN_HERE',
      `${what} refused: this process was started with run: '${run}'. Use a process with run: 'all' or 'commands'`,
      {
        what,
        run,
      },
    )
  }
}

/** The app did not come to its end within `drainTimeoutMs`; what was left was closed under it. */
export class AppStopTimeoutError extends HindcastError<'HC_APP_STOP_TIMEOUT'> {
  override readonly name = 'AppStopTimeoutError'
  constructor(
    drainTimeoutMs: number,
    /** What was not finished, a sentence each. */
    readonly left: readonly string[],
  ) {
    super(
      'HC_APP_STOP_TIMEOUT',
      `the app did not finish within ${drainTimeoutMs} ms; left over:\n${left.map(each => `  - ${each}`).join('\n')}\n` +
        'Whether such a command was written shows when it is repeated with its command id; a projection goes on from its checkpoint. Raise drainTimeoutMs, or look for what takes so long',
      { drainTimeoutMs, left },
    )
  }
}

/** The app was started without this aggregate. */
export class AggregateUnknownError extends HindcastError<'HC_AGGREGATE_UNKNOWN'> {
  override readonly name = 'AggregateUnknownError'
  constructor(aggregate: string, known: readonly string[]) {
    super(
      'HC_AGGREGATE_UNKNOWN',
      `the app has no aggregate ${aggregate} (it has: ${known.join(', ') || 'none'}). Add it to the aggregates of Hindcast.start`,
      { aggregate, known },
    )
  }
}
