/** What a database says about a statement that it refused. */
export interface SqlFailure extends Error {
  /** The SQLSTATE: five characters. */
  readonly code: string
  readonly severity: string
  readonly detail?: string
}

/** Whether an error is the database's own answer, of `pg` or of PGlite. */
export function isSqlFailure(error: unknown): error is SqlFailure {
  return (
    error instanceof Error &&
    'severity' in error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code)
  )
}
