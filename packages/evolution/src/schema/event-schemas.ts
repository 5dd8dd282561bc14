import { messageInfo, readersOf, type EventCatalog, type HistoryParts } from '@hindcast/core'
import type { JsonSchema } from './json-schema.js'
import { schemaOf } from './schema-of.js'

/** An event as today's code declares it. */
export interface EventSchema {
  /** Its persisted name. */
  readonly name: string
  /** Its version. */
  readonly version: number
  /** The names it had before. */
  readonly formerly: readonly string[]
  /** What its payload looks like. */
  readonly schema: JsonSchema
}

/** The events of an app, and what becomes of their versions. */
export interface AppSchemas {
  /** By name. */
  readonly events: ReadonlyMap<string, EventSchema>
  /** What reads the recorded versions. */
  readonly catalog: Pick<EventCatalog, 'becomes'>
  /** What is wrong with the declarations, a sentence each. */
  readonly problems: readonly string[]
}

/** The schemas of all events that the aggregates of an app apply. Never throws. */
export function appSchemas(parts: Omit<HistoryParts, 'store'>): AppSchemas {
  const { events, catalog, problems } = readersOf(parts)
  const schemas = new Map<string, EventSchema>()
  for (const event of events) {
    const { name, version, formerly } = messageInfo(event)!
    schemas.set(name, { name, version, formerly, schema: schemaOf(event) })
  }
  return { events: schemas, catalog, problems }
}
