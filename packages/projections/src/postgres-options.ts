import type { PartitionOwnership } from '@hindcast/core'
import type { PostgresAddress } from './driver/postgres-address.js'
import { ReadModelOptionError } from './error/errors.js'

/** How to use a PostgreSQL server. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with what `pg` knows behind a question mark, for instance `?sslmode=verify-full`. */
  readonly url: string
  /** How many connections at most, 1 or more; one or two more share partitions and wait for news. Default 10. */
  readonly connections?: number
  /** How long connecting may take, in milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number
  /**
   * How long the server may take for an answer to a statement of Hindcast's own, in milliseconds, for instance when it is
   * frozen, or something between swallows what it says: then the connection is given up, and a worker tries again on another
   * one. SQL of handlers (see `handlerTimeoutMs`) and of readers may take as long as it takes. Default 30,000.
   */
  readonly answerTimeoutMs?: number
  /**
   * How long a transaction may do nothing before the server ends it, in milliseconds: that is how long a frozen process can
   * keep another one from taking over. Default 10,000.
   */
  readonly idleInTransactionTimeoutMs?: number
  /**
   * How long a process may be silent before it loses its partitions, in milliseconds, 1,000 or more; a killed one loses them
   * at once. Servers before version 14 do not know it. Default 15,000.
   */
  readonly ownerTimeoutMs?: number
  /** How processes share the partitions of a log. Default: by advisory locks of this database. */
  readonly ownership?: PartitionOwnership
  /** How the connections are called in `pg_stat_activity`. Default `'hindcast'`. */
  readonly applicationName?: string
}

/** Options with their defaults. */
export interface PostgresSettings extends PostgresAddress {
  readonly ownerTimeoutMs: number
  readonly ownership?: PartitionOwnership
}

/** Checks options and fills in what is not given. @throws ReadModelOptionError */
export function postgresAddress(given: string | PostgresOptions): PostgresSettings {
  const options = typeof given === 'string' ? { url: given } : given
  if (typeof options?.url !== 'string' || !/^postgres(ql)?:\/\//.test(options.url))
    throw new ReadModelOptionError('url', 'must begin with postgres:// or postgresql://')
  return {
    url: options.url,
    applicationName: options.applicationName ?? 'hindcast',
    connections: wholeNumber('connections', options.connections, 10),
    connectTimeoutMs: wholeNumber('connectTimeoutMs', options.connectTimeoutMs, 10_000),
    answerTimeoutMs: wholeNumber('answerTimeoutMs', options.answerTimeoutMs, 30_000),
    idleInTransactionTimeoutMs: wholeNumber(
      'idleInTransactionTimeoutMs',
      options.idleInTransactionTimeoutMs,
      10_000,
    ),
    ownerTimeoutMs: wholeNumber('ownerTimeoutMs', options.ownerTimeoutMs, 15_000, 1_000),
    ...(options.ownership && { ownership: options.ownership }),
  }
}

function wholeNumber(option: string, value: number | undefined, preset: number, least = 1): number {
  if (value === undefined) return preset
  if (!Number.isInteger(value) || value < least || value > 2_147_483_647)
    throw new ReadModelOptionError(
      option,
      `is ${String(value)}, and must be a whole number of ${least} or more`,
    )
  return value
}
