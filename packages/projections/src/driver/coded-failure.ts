import { HindcastError, type ProjectionVersion } from '@hindcast/core'
import {
  ReadModelBusyError,
  ReadModelChangedError,
  ReadModelFailedError,
  ReadModelFullError,
  ReadModelRefusedError,
  ReadModelUnreachableError,
} from '../error/errors.js'
import { isSqlFailure, type SqlFailure } from './sql-failure.js'

/** SQLSTATEs that say "not now": lost connections, a server that starts or stops, no room, a standby. */
const NOT_NOW = /^(08...|57P0[1235]|25P0[34]|53...|25006|58030)$/
const DISK_FULL = '53100'
/** SQLSTATEs that say "somebody else was in the way". */
const IN_THE_WAY = /^(40001|40P01|40003|55P03|55006|57014)$/

/** SQLSTATEs that say "these are not the tables that I was made for": gone, other columns, keys, types, or further constraints. */
const CHANGED = /^(42P01|3F000|42703|42P10|42804|428C9|23...)$/

/** Whether the connection cannot be used any more after an answer of the database. */
export function endsConnection(error: unknown): boolean {
  return isSqlFailure(error) && (error.severity === 'FATAL' || error.severity === 'PANIC')
}

/**
 * The error that says that waiting helps; undefined where it does not. Whatever is no answer of the database at all is a
 * lost connection.
 */
export function passingFailure(database: string, error: unknown): HindcastError | undefined {
  if (error instanceof HindcastError) return error.retryable ? error : undefined
  if (!isSqlFailure(error)) return isLostConnection(error) ? unreachable(database, error) : undefined
  if (error.code === DISK_FULL) return new ReadModelFullError(database, error.message, error)
  // After a panic the server starts again by itself.
  if (NOT_NOW.test(error.code) || error.severity === 'PANIC') return unreachable(database, error)
  if (IN_THE_WAY.test(error.code)) return new ReadModelBusyError(database, error.message, error)
  return undefined
}

/**
 * The coded error for what a statement has met.
 *
 * @param version - whose tables it is about, of a statement of Hindcast itself: these were right when they were made
 */
export function codedFailure(database: string, error: unknown, version?: ProjectionVersion): unknown {
  const passing = passingFailure(database, error)
  if (passing) return passing
  if (!isSqlFailure(error)) return error
  if (version && CHANGED.test(error.code)) return changedFailure(version, error)
  const remedy = REMEDIES[error.code]
  if (remedy) return new ReadModelRefusedError(database, error.message, remedy, error)
  return new ReadModelFailedError(database, error.code, error.message, error)
}

function changedFailure({ projection, version }: ProjectionVersion, error: SqlFailure): HindcastError {
  const remedy = error.message.includes('"hindcast.')
    ? 'somebody changed what Hindcast keeps in schema hindcast. Restore it from a backup, or drop it together with the schema of each projection version: then everything is folded anew'
    : 'somebody changed its tables. Raise the version to fold it anew, or put them back as they were, and start again'
  return new ReadModelChangedError(projection, version, `${error.message}; ${remedy}`, error)
}

const REMEDIES: { readonly [sqlState: string]: string | undefined } = {
  '28000': 'Check the user name, and pg_hba.conf for this host',
  '28P01': 'Check user name and password',
  '3D000': 'Create the database, or name another one',
  '42501':
    'Grant this user the right: it makes the schemas hindcast and read and one for each projection version (GRANT CREATE ON DATABASE …), and owns what it made. To look only, usage of schema hindcast is enough (GRANT USAGE ON SCHEMA hindcast, GRANT SELECT ON ALL TABLES IN SCHEMA hindcast)',
}

const LOST =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENOTFOUND|EAI_AGAIN|ENOENT)$/
const LOST_WORDS = /terminat|timeout|not queryable|closed the connection|connection error|has been ended/i

function isLostConnection(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const code = (error as NodeJS.ErrnoException).code
  if (code !== undefined && LOST.test(code)) return true
  if (error instanceof AggregateError) return error.errors.some(isLostConnection)
  return LOST_WORDS.test(error.message)
}

function unreachable(database: string, error: Error): ReadModelUnreachableError {
  const first = error instanceof AggregateError ? (error.errors[0] as Error) : error
  return new ReadModelUnreachableError(database, first.message || String(first), error)
}
