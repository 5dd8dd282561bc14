import {
  HindcastError,
  makePosition,
  PayloadError,
  ValidationError,
  type RecordedEvent,
} from '@hindcast/core'

function placeOf({ partition, offset, stream, version }: RecordedEvent): string {
  return `at ${partition}:${offset}, stream "${stream}", version ${version}`
}

function contextOf(event: RecordedEvent): Readonly<Record<string, string | number>> {
  const { type, schemaVersion, stream, version, partition, offset } = event
  return { type, schemaVersion, stream, version, partition, offset: String(offset) }
}

/** What was thrown, in words. */
function said(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

/** A time as people write it; the number where no calendar has it. */
function dateOf(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString()
}

/** What keeps an event from being read: a coded error, or whatever a class of its payload throws. */
export function unreadable(event: RecordedEvent, cause: unknown): HindcastError {
  if (cause instanceof HindcastError) return cause
  const what = `event "${event.type}" (${placeOf(event)})`
  return new PayloadError(what, '', `reading it throws ${said(cause)}`, { cause, place: contextOf(event) })
}

/** A stream has a hole, or a version twice. Found by `verifyHistory`, never thrown. */
export class StreamVersionError extends HindcastError<'HC_STREAM_VERSION'> {
  override readonly name = 'StreamVersionError'
  constructor(event: RecordedEvent, due: number) {
    super(
      'HC_STREAM_VERSION',
      `event "${event.type}" (${placeOf(event)}) stands where version ${due} of its stream is due. No store writes that: ` +
        'the log was changed by something else, or lost a part. Restore it from a backup',
      { ...contextOf(event), due },
    )
  }
}

/** An event lies in another partition than its partition key says. Found by `verifyHistory`, never thrown. */
export class StreamPartitionError extends HindcastError<'HC_STREAM_PARTITION'> {
  override readonly name = 'StreamPartitionError'
  constructor(event: RecordedEvent, reason: string) {
    super(
      'HC_STREAM_PARTITION',
      `event "${event.type}" (${placeOf(event)}) lies in partition ${event.partition}, and ${reason}: ` +
        'commands on its stream are refused or would not see it. Restore the previous partitionBy, or export the log with it and import it into a new one',
      { ...contextOf(event), reason },
    )
  }
}

/** The time of an event is before that of one in front of it in its partition. Found by `verifyHistory`, never thrown. */
export class EventTimeError extends HindcastError<'HC_EVENT_TIME'> {
  override readonly name = 'EventTimeError'
  constructor(event: RecordedEvent, before: number) {
    const time = Number.isNaN(event.time) ? 'has no time' : `is of ${dateOf(event.time)}`
    super(
      'HC_EVENT_TIME',
      `event "${event.type}" (${placeOf(event)}) ${time}, ${before > -Infinity ? `and one in front of it in its partition of ${dateOf(before)}` : 'and is the first of its partition'}: ` +
        'copies as of a time may cut the log in a wrong place',
      { ...contextOf(event), time: event.time, before },
    )
  }
}

/** A recorded event, as it is read today, breaks rules of its class. Found by `verifyHistory`, never thrown. */
export class RecordedEventInvalidError extends HindcastError<'HC_EVENT_INVALID'> {
  override readonly name = 'RecordedEventInvalidError'
  constructor(event: RecordedEvent, cause: unknown) {
    const violations =
      cause instanceof ValidationError
        ? cause.violations.map(({ path, message }) => `${path}: ${message}`)
        : [`a rule throws ${said(cause)}`]
    super(
      'HC_EVENT_INVALID',
      `event "${event.type}" version ${event.schemaVersion} (${placeOf(event)}) is not valid as it is read today: ${violations.join('; ')}. ` +
        'Events are not validated when they are read, so folds get it as it is: give its version an upcaster, or loosen the rule',
      { ...contextOf(event), violations },
      { cause },
    )
  }
}

/** An aggregate cannot fold a recorded event. Found by `verifyHistory`, never thrown. */
export class ApplyFailedError extends HindcastError<'HC_APPLY_FAILED'> {
  override readonly name = 'ApplyFailedError'
  constructor(event: RecordedEvent, aggregate: string, cause: unknown) {
    const code = cause instanceof HindcastError ? `${cause.code} ` : ''
    const reason = said(cause)
    super(
      'HC_APPLY_FAILED',
      `${aggregate} cannot fold event "${event.type}" (${placeOf(event)}): ${code}${reason}. ` +
        'No command on this stream can be handled. Mend its @Apply method: what is recorded has happened',
      { ...contextOf(event), aggregate, reason },
      { cause },
    )
  }
}

/** A snapshot is not what the events up to it fold to. Found by `verifyHistory`, never thrown. */
export class SnapshotStaleError extends HindcastError<'HC_SNAPSHOT_STALE'> {
  override readonly name = 'SnapshotStaleError'
  constructor(
    event: RecordedEvent,
    aggregate: string,
    differences: readonly string[],
    /** False where the text of the build that took it is another than that of the code that verifies. */
    isOfThisBuild: boolean,
  ) {
    const reason = isOfThisBuild
      ? `Something that a fold of ${aggregate} calls has changed, or a fold is not a function of its events. `
      : `A build took it in which the text of ${aggregate} is another: this code from another compiler, where something that a fold calls ` +
        'has changed since; or other code, and then only that code reads it. '
    super(
      'HC_SNAPSHOT_STALE',
      `the snapshot of stream "${event.stream}" at version ${event.version} is not what its events fold to: ${differences.join('; ')}. ` +
        `${reason}Raise snapshotVersion of ${aggregate}: then no snapshot of before is read`,
      { ...contextOf(event), aggregate, differences, isOfThisBuild },
    )
  }
}

/** What is parked is no event of the log. Found by `verifyHistory`, never thrown. */
export class ParkedEventMissingError extends HindcastError<'HC_PARKED_EVENT_MISSING'> {
  override readonly name = 'ParkedEventMissingError'
  constructor(
    projection: string,
    parked: {
      readonly log: string
      readonly partition: number
      readonly offset: bigint
      readonly stream: string
    },
  ) {
    const { log, partition, offset, stream } = parked
    super(
      'HC_PARKED_EVENT_MISSING',
      `projection "${projection}" has parked an event of stream "${stream}" at ${makePosition(log, partition, offset)}, and the log has none of that stream there: ` +
        'the read models are of another log. Restore those that belong to it, or raise the version of the projection to fold it anew',
      { projection, log, partition, offset: String(offset), stream },
    )
  }
}

/** States that have no room in memory cannot be written beside; the log is as it was. */
export class VerifyScratchError extends HindcastError<'HC_VERIFY_SCRATCH'> {
  override readonly name = 'VerifyScratchError'
  constructor(folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(
      'HC_VERIFY_SCRATCH',
      `states of aggregates cannot be kept in a file in ${folder} while the log is verified: ${reason}. ` +
        'Make room there, or name another folder in the environment: TMPDIR',
      { folder, reason },
      { cause },
    )
  }
}
