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
   * How long a transaction may do nothing before the server ends it, in milliseconds: that is how long a frozen process can
   * keep another one from taking over. Default 10,000.
   */
  readonly idleInTransactionTimeoutMs?: number
  /** How the connections are called in `pg_stat_activity`. Default `'hindcast'`. */
  readonly applicationName?: string
}

/** Checks options and fills in what is not given. @throws ReadModelOptionError */
export function postgresAddress(given: string | PostgresOptions): PostgresAddress {
  const options = typeof given === 'string' ? { url: given } : given
  if (typeof options?.url !== 'string' || !/^postgres(ql)?:\/\//.test(options.url))
    throw new ReadModelOptionError('url', 'must begin with postgres:// or postgresql://')
  return {
    url: options.url,
    applicationName: options.applicationName ?? 'hindcast',
    connections: wholeNumber('connections', options.connections, 10),
    connectTimeoutMs: wholeNumber('connectTimeoutMs', options.connectTimeoutMs, 10_000),
    idleInTransactionTimeoutMs: wholeNumber(
      'idleInTransactionTimeoutMs',
      options.idleInTransactionTimeoutMs,
      10_000,
    ),
  }
}

function wholeNumber(option: string, value: number | undefined, preset: number): number {
  if (value === undefined) return preset
  if (!Number.isInteger(value) || value < 1 || value > 2_147_483_647)
    throw new ReadModelOptionError(option, `is ${String(value)}, and must be a whole number of 1 or more`)
  return value
}
