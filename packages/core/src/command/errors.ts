import { HindcastError } from '../error/hindcast-error.js'
import type { ExpectedVersion, StreamVersion } from '../store/event-store.js'
import { describeExpected } from '../store/errors.js'

/** Other writers kept changing the stream until the command's time was up; nothing was written. */
export class ConcurrencyError extends HindcastError<'HC_CONCURRENCY'> {
  override readonly name = 'ConcurrencyError'
  constructor(
    command: string,
    stream: string,
    expected: ExpectedVersion,
    actual: StreamVersion,
    attempts: number,
    timeoutMs: number,
  ) {
    super(
      'HC_CONCURRENCY',
      `command "${command}" lost to other writers ${attempts} times in ${timeoutMs} ms: stream "${stream}" was at ${describeExpected(actual)}, ` +
        `expected ${describeExpected(expected)}; nothing was written. Repeat it, or raise commandTimeoutMs`,
      { command, stream, expected, actual, attempts, timeoutMs },
      { retryable: true },
    )
  }
}

/** A handler did not end within `commandTimeoutMs`; nothing was written, and what it emits later is refused. */
export class CommandTimeoutError extends HindcastError<'HC_COMMAND_TIMEOUT'> {
  override readonly name = 'CommandTimeoutError'
  constructor(command: string, stream: string, timeoutMs: number, phase: 'waiting' | 'handling') {
    super(
      'HC_COMMAND_TIMEOUT',
      phase === 'waiting'
        ? `command "${command}" waited ${timeoutMs} ms behind other commands for stream "${stream}" and was not started; nothing was written. Repeat it`
        : `the handler of command "${command}" (stream "${stream}") did not end within ${timeoutMs} ms; nothing was written, and what it emits from now on is refused. ` +
            'Look for a promise in it that never resolves, or raise commandTimeoutMs',
      { command, stream, timeoutMs, phase },
      { retryable: true },
    )
  }
}

/** A handler executes a command on the stream that it is itself handling a command of, and would wait for itself. */
export class ReentrantCommandError extends HindcastError<'HC_COMMAND_REENTRANT'> {
  override readonly name = 'ReentrantCommandError'
  constructor(command: string, stream: string) {
    super(
      'HC_COMMAND_REENTRANT',
      `command "${command}" was executed by a handler of the same stream "${stream}", which would wait for itself; it was not started. ` +
        'Emit the events in the handler itself, or execute the command after it has ended',
      { command, stream },
    )
  }
}

/** No registered aggregate handles the command. */
export class UnknownCommandError extends HindcastError<'HC_COMMAND_UNKNOWN'> {
  override readonly name = 'UnknownCommandError'
  constructor(command: string) {
    super(
      'HC_COMMAND_UNKNOWN',
      `no registered aggregate handles ${command}. Add the aggregate with its @Handle method to Hindcast.start({ aggregates })`,
      { command },
    )
  }
}

/** The result of a handler is no plain JSON and could not be given again to a repeated command; nothing was written. */
export class CommandResultError extends HindcastError<'HC_COMMAND_RESULT'> {
  override readonly name = 'CommandResultError'
  constructor(command: string, reason: string, options: ErrorOptions = {}) {
    super(
      'HC_COMMAND_RESULT',
      `the result of command "${command}" is refused, nothing was written: ${reason}. Return plain JSON (texts, finite numbers, booleans, null, arrays, objects)`,
      { command, reason },
      options,
    )
  }
}
