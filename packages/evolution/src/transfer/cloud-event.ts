import { checkStreamId, makePosition, parsePosition, type AppendMetadata } from '@hindcast/core'
import type { ExportedEvent } from './exported-event.js'

/** The extension attribute of each field of the metadata. */
const METADATA = {
  correlationId: 'correlationid',
  causationId: 'causationid',
  actor: 'actor',
  tenant: 'tenant',
  traceparent: 'traceparent',
} as const satisfies Record<keyof AppendMetadata, string>

const DATA = ',"data":'

/** The `source` of a log's events, as on Kafka. */
export function sourceOf(logId: string): string {
  return `hindcast:${logId}`
}

/**
 * An event as one line of structured-mode JSON. The payload is written last and as it was recorded, number for number; only
 * line breaks between its tokens become spaces.
 *
 * @see CloudEvents 1.0.2, JSON event format; Partitioning extension for `partitionkey`
 */
export function formatEvent(event: ExportedEvent): string {
  const { id, logId, type, stream, time, partitionKey, partition, offset, metadata } = event
  const attributes = {
    ...{ specversion: '1.0', id, source: sourceOf(logId), type, subject: stream },
    ...{ time: new Date(time).toISOString(), datacontenttype: 'application/json' },
    ...{ partitionkey: partitionKey, position: makePosition(logId, partition, offset) },
    ...{ streamversion: event.version, schemaversion: event.schemaVersion, commandid: event.commandId },
    ...(event.command !== undefined && { command: event.command }),
    ...(event.result !== undefined && { result: event.result }),
    ...Object.fromEntries(fields().map(([field, attribute]) => [attribute, metadata[field]])),
  }
  return `${JSON.stringify(attributes).slice(0, -1)}${DATA}${event.data.replaceAll(/[\r\n]/g, ' ')}}`
}

/**
 * The event of a line.
 *
 * @param attributes - the line, parsed
 * @throws Error that says what is wrong with it
 */
export function parseEvent(line: string, attributes: Readonly<Record<string, unknown>>): ExportedEvent {
  const text = (name: string): string => {
    const value = attributes[name]
    if (typeof value !== 'string' || value === '') throw new Error(`"${name}" is no text`)
    return value
  }
  const count = (name: string, least: number): number => {
    const value = attributes[name]
    if (!Number.isSafeInteger(value) || (value as number) < least)
      throw new Error(`"${name}" is no whole number of ${least} or more`)
    return value as number
  }
  const { logId, partition, offset } = parsePosition(text('position'))
  if (text('source') !== sourceOf(logId)) throw new Error('"source" and "position" name different logs')
  const stream = text('subject')
  checkStreamId(stream)
  const time = Date.parse(text('time'))
  if (Number.isNaN(time)) throw new Error('"time" is no time')
  const { command, result } = attributes
  return {
    ...{ id: text('id'), type: text('type'), schemaVersion: count('schemaversion', 1), stream },
    ...{ version: count('streamversion', 0), partition, offset, time, commandId: text('commandid') },
    ...{ logId, partitionKey: text('partitionkey'), data: dataOf(line, attributes['data']) },
    ...(command !== undefined && { command: text('command') }),
    ...(result !== undefined && { result: text('result') }),
    metadata: Object.fromEntries(
      fields()
        .filter(([, attribute]) => attributes[attribute] !== undefined)
        .map(([field, attribute]) => [field, text(attribute)]),
    ),
  }
}

/** The payload's text as it was recorded; where another tool has written the line anew, as that tool understood it. */
function dataOf(line: string, data: unknown): string {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new Error('"data" is no JSON object')
  // Quotes within a text are escaped, and no attribute before is an object: the first match is the member.
  const begin = line.indexOf(DATA)
  const raw = line.slice(begin + DATA.length, -1)
  const known = JSON.stringify(data)
  return begin >= 0 && sameJson(raw, known) ? raw : known
}

function sameJson(text: string, known: string): boolean {
  if (text === known) return true
  try {
    return JSON.stringify(JSON.parse(text)) === known
  } catch {
    return false
  }
}

function fields(): readonly (readonly [keyof AppendMetadata, string])[] {
  return Object.entries(METADATA) as [keyof AppendMetadata, string][]
}
