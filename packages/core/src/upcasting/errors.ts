import { HindcastError } from '../error/hindcast-error.js'
import type { RecordedEvent } from '../store/event-store.js'

/** An upcaster failed on a recorded event. */
export class UpcastError extends HindcastError<'HC_UPCAST_FAILED'> {
  override readonly name = 'UpcastError'
  /**
   * @param recorded - the event as the log has it
   * @param version - the version that the failing step takes
   */
  constructor(recorded: RecordedEvent, version: number, reason: string, options: ErrorOptions = {}) {
    super(
      'HC_UPCAST_FAILED',
      `the upcaster of "${recorded.type}" from version ${version} failed on the event at ${recorded.partition}:${recorded.offset} ` +
        `(stream "${recorded.stream}", version ${recorded.version}): ${reason}. Make the step total over everything that was ever recorded`,
      {
        type: recorded.type,
        schemaVersion: recorded.schemaVersion,
        fromVersion: version,
        stream: recorded.stream,
        version: recorded.version,
        partition: recorded.partition,
        offset: String(recorded.offset),
      },
      options,
    )
  }
}
