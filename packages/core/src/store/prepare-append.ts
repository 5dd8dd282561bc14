import {
  AppendAcrossPartitionsError,
  InvalidAppendError,
  LimitExceededError,
  UnknownPartitionError,
} from './errors.js'
import type { AppendMetadata, AppendOptions, NewEvent, StreamWrite } from './event-store.js'
import { LIMITS } from './limits.js'
import { partitionOf } from './partition.js'
import { PlacedWrite } from './placed-write.js'
import { checkStreamId, isWellFormed } from './stream-id.js'
import { WrittenEvent } from './written-event.js'

/** Room that a record's own framing takes, in bytes: part of every event's encoded size. */
const FRAMING_BYTES = 64

/** What {@link prepareAppend} found out about an append. */
export interface PreparedAppend {
  /** The partition. */
  readonly partition: number
  /** How many events it has. */
  readonly events: number
  /** The encoded size of all events. */
  readonly bytes: number
}

/**
 * Checks everything about an append that needs no look at the log; every store calls it first, so that all refuse the same.
 *
 * @throws StreamIdError, InvalidAppendError, LimitExceededError, AppendAcrossPartitionsError
 */
export function prepareAppend(
  writes: readonly StreamWrite[],
  options: AppendOptions,
  partitions: number,
): PreparedAppend {
  checkOptions(options)
  checkList('the list of writes', writes)
  const first = writes[0]
  if (!first) throw new InvalidAppendError('it has no writes')
  const overhead = optionsBytes(options)
  let partition = -1
  let events = 0
  let bytes = options.result === undefined ? 0 : Buffer.byteLength(options.result)
  for (const write of writes) {
    checkObject('a write', write)
    const own = checkPlace(write, partitions)
    checkDemand(write)
    if (partition < 0) partition = own
    else if (own !== partition)
      throw new AppendAcrossPartitionsError(first.stream, partition, write.stream, own)
    events += write.events.length
    for (const event of write.events) bytes += checkEvent(event, write, overhead)
  }
  if (writes.length > 1) refuseRepeatedStream(writes)
  if (events > LIMITS.maxAppendEvents)
    throw new LimitExceededError(
      'an append',
      events,
      LIMITS.maxAppendEvents,
      'events',
      'Split it into several appends',
    )
  if (bytes > LIMITS.maxAppendBytes)
    throw new LimitExceededError(
      'an append',
      bytes,
      LIMITS.maxAppendBytes,
      'bytes',
      'Split it into several appends',
    )
  return { partition, events, bytes }
}

/** Refuses a partition number that the log does not have. @throws UnknownPartitionError */
export function checkPartition(partition: number, partitions: number): void {
  if (!Number.isInteger(partition) || partition < 0 || partition >= partitions)
    throw new UnknownPartitionError(partition, partitions)
}

/** Refuses a command id that no store takes: empty, over 200 characters, or not text. @throws InvalidAppendError */
export function checkCommandId(commandId: string): void {
  checkText('the command id', commandId)
}

function checkOptions(options: AppendOptions): void {
  checkObject('the options', options)
  checkCommandId(options.commandId)
  if (options.command !== undefined) checkText('the command name', options.command)
  if (options.result !== undefined) {
    if (typeof options.result !== 'string' || !isWellFormed(options.result))
      throw new InvalidAppendError('the result is not JSON text')
    const bytes = Buffer.byteLength(options.result)
    if (bytes > LIMITS.maxResultBytes)
      throw new LimitExceededError(
        'the result of a command',
        bytes,
        LIMITS.maxResultBytes,
        'bytes',
        'Return a reference instead',
      )
  }
  const metadata = options.metadata
  if (metadata === undefined) return
  checkObject('the metadata', metadata)
  for (const name of METADATA) {
    const value = metadata[name]
    if (value !== undefined) checkText(name, value)
  }
}

const METADATA: readonly (keyof AppendMetadata)[] = [
  'correlationId',
  'causationId',
  'actor',
  'tenant',
  'traceparent',
]

function checkObject(what: string, value: unknown): void {
  if (typeof value !== 'object' || value === null)
    throw new InvalidAppendError(`${what} is ${String(value)}, not an object`)
}

function checkList(what: string, value: unknown): void {
  if (!Array.isArray(value)) throw new InvalidAppendError(`${what} is ${String(value)}, not an array`)
}

function checkText(what: string, value: string): void {
  if (typeof value !== 'string' || value.length === 0)
    throw new InvalidAppendError(`${what} must be a text of 1 to ${LIMITS.maxIdLength} characters`, {
      value: String(value),
    })
  if (value.length > LIMITS.maxIdLength)
    throw new InvalidAppendError(
      `${what} has ${value.length} characters, the limit is ${LIMITS.maxIdLength}`,
      { length: value.length },
    )
  if (!isWellFormed(value))
    throw new InvalidAppendError(`${what} has half of a surrogate pair`, { value: JSON.stringify(value) })
}

/** @returns the partition of a write */
function checkPlace(write: StreamWrite, partitions: number): number {
  const place = PlacedWrite.placeOf(write)
  if (place?.partitions === partitions) return place.partition
  const { stream, partitionKey } = write
  checkStreamId(stream)
  if (partitionKey !== undefined && (typeof partitionKey !== 'string' || partitionKey.length === 0))
    throw new InvalidAppendError(`the partition key of stream "${stream}" is empty or not a text`)
  const partition = partitionOf(partitionKey ?? stream, partitions)
  if (place) Object.assign(place, { partition, partitions })
  return partition
}

function checkDemand(write: StreamWrite): void {
  const { expected } = write
  if (typeof expected === 'number') {
    if (!Number.isSafeInteger(expected) || expected < 0)
      throw new InvalidAppendError(
        `the expected version ${expected} of stream "${write.stream}" is not a version; 'none' means no event yet`,
      )
  } else if (expected !== 'none' && expected !== 'exists' && expected !== 'any') {
    throw new InvalidAppendError(
      `the expected version ${JSON.stringify(expected)} of stream "${write.stream}" is not a number, 'none', 'exists' or 'any'`,
    )
  }
  if (write.after !== undefined) {
    checkText('after', write.after)
    if (typeof expected !== 'number')
      throw new InvalidAppendError(
        `stream "${write.stream}": 'after' goes only with a version number as expected`,
      )
  }
  checkList(`the list of events of stream "${write.stream}"`, write.events)
  if (write.events.length === 0) throw new InvalidAppendError(`stream "${write.stream}" is given no events`)
}

function checkEvent(event: NewEvent, write: StreamWrite, overhead: number): number {
  checkObject('an event', event)
  checkText('the event id', event.id)
  checkText('the event type', event.type)
  if (!Number.isSafeInteger(event.schemaVersion) || event.schemaVersion < 1)
    throw new InvalidAppendError(
      `the schema version ${event.schemaVersion} of event "${event.type}" is not 1 or more`,
    )
  if (!WrittenEvent.isWhole(event) && (typeof event.data !== 'string' || !isJsonObject(event.data)))
    throw new InvalidAppendError(`the data of event "${event.type}" is not the text of a JSON object`)
  const bytes =
    Buffer.byteLength(event.data) +
    Buffer.byteLength(event.id) +
    Buffer.byteLength(event.type) +
    Buffer.byteLength(write.stream) +
    overhead +
    FRAMING_BYTES
  if (bytes > LIMITS.maxEventBytes)
    throw new LimitExceededError(
      `event "${event.type}" of stream "${write.stream}", encoded,`,
      bytes,
      LIMITS.maxEventBytes,
      'bytes',
      'Keep large content elsewhere and put a reference into the event',
    )
  return bytes
}

/** Parsed for once: what is no JSON would stay in the log for ever. */
function isJsonObject(text: string): boolean {
  if (text.charCodeAt(0) !== 0x7b || !isWellFormed(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function optionsBytes(options: AppendOptions): number {
  let bytes = Buffer.byteLength(options.commandId) + Buffer.byteLength(options.command ?? '')
  if (options.metadata) for (const name of METADATA) bytes += Buffer.byteLength(options.metadata[name] ?? '')
  return bytes
}

function refuseRepeatedStream(writes: readonly StreamWrite[]): void {
  const seen = new Set<string>()
  for (const { stream } of writes) {
    if (seen.has(stream))
      throw new InvalidAppendError(`stream "${stream}" is written twice; put its events into one write`)
    seen.add(stream)
  }
}
