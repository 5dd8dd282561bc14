import { HindcastError, type ErrorContext } from '../error/hindcast-error.js'
import type { RecordedEvent } from '../store/event-store.js'

/** Where a recorded event stands, for messages. @internal */
export function placeOf(recorded: RecordedEvent): string {
  return `at ${recorded.partition}:${recorded.offset}, stream "${recorded.stream}", version ${recorded.version}`
}

/** Where a recorded event stands, as values. @internal */
export function contextOf(recorded: RecordedEvent): ErrorContext {
  const { type, schemaVersion, stream, version, partition, offset } = recorded
  return { type, schemaVersion, stream, version, partition, offset: String(offset) }
}

/** A recorded event has a newer version than this code: another process runs a newer build. */
export class EventNewerThanCodeError extends HindcastError<'HC_EVENT_NEWER_THAN_CODE'> {
  override readonly name = 'EventNewerThanCodeError'
  constructor(recorded: RecordedEvent, codeVersion: number) {
    super(
      'HC_EVENT_NEWER_THAN_CODE',
      `event "${recorded.type}" is recorded in version ${recorded.schemaVersion}, this code knows it up to version ${codeVersion} (${placeOf(recorded)}). ` +
        'Upgrade this process to the build that writes it',
      { ...contextOf(recorded), codeVersion },
    )
  }
}

/** A recorded event has a version that nothing in this code reads, and that is not newer than the code. */
export class EventVersionUnreadableError extends HindcastError<'HC_EVENT_VERSION_UNREADABLE'> {
  override readonly name = 'EventVersionUnreadableError'
  constructor(recorded: RecordedEvent, codeVersion: number) {
    super(
      'HC_EVENT_VERSION_UNREADABLE',
      `event "${recorded.type}" is recorded in version ${recorded.schemaVersion}, which nothing in this code reads (${placeOf(recorded)}). ` +
        `It knows versions 1 to ${codeVersion}: add the missing upcaster, or mend the record`,
      { ...contextOf(recorded), codeVersion },
    )
  }
}

/** A recorded event has a name that this code does not know. */
export class UnknownEventTypeError extends HindcastError<'HC_EVENT_TYPE_UNKNOWN'> {
  override readonly name = 'UnknownEventTypeError'
  constructor(recorded: RecordedEvent, nearest: string | undefined) {
    super(
      'HC_EVENT_TYPE_UNKNOWN',
      `event "${recorded.type}" is unknown to this code (${placeOf(recorded)})${nearest === undefined ? '' : `; the nearest known name is "${nearest}"`}. ` +
        "If a newer build writes it, upgrade this process. Else register its class; after a rename, give the new class { formerly: ['old.name'] }; for a class that is gone, upcast('its.name')",
      contextOf(recorded),
    )
  }
}

/** An event's class is not registered, so it cannot be written. */
export class UnregisteredEventError extends HindcastError<'HC_EVENT_UNKNOWN'> {
  override readonly name = 'UnregisteredEventError'
  constructor(event: string) {
    super('HC_EVENT_UNKNOWN', `${event} is no registered event; give an aggregate an @Apply method for it`, {
      event,
    })
  }
}
