import { join } from 'node:path'
import type { EventStoreFactory, ReadModelsFactory } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { lmdb } from '@hindcast/lmdb-store'
import { pglite, postgres } from '@hindcast/projections'

/** What the command line says of where things are kept. */
export interface Flags {
  /** A folder for everything that has no server. */
  readonly data: string
  /** Brokers of Kafka, with commas between them. */
  readonly kafka?: string | undefined
  readonly topic: string
  /** The address of a PostgreSQL server. */
  readonly postgres?: string | undefined
}

/** A log or tables: where they are, for people, and how they are opened. */
export interface Place<Factory> {
  readonly name: string
  readonly open: Factory
}

/** The log: in a folder, or in a topic of Kafka. */
export function logPlace({ data, kafka: brokers, topic }: Flags): Place<EventStoreFactory> {
  if (brokers === undefined) return { name: join(data, 'log'), open: lmdb(join(data, 'log')) }
  const dataDir = join(data, 'index')
  return { name: `topic ${topic}`, open: kafka({ brokers: brokers.split(','), topic, dataDir }) }
}

/** The tables: in a folder for each log, since they belong to one, or in PostgreSQL. */
export function tablesPlace({ data, kafka: brokers, topic, postgres: url }: Flags): Place<ReadModelsFactory> {
  if (url !== undefined) return { name: 'PostgreSQL', open: postgres(url) }
  const folder = join(data, brokers === undefined ? 'views' : `views-${topic}`)
  return { name: folder, open: pglite(folder) }
}
