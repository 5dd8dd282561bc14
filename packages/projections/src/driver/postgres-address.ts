/** Where a PostgreSQL server is and how it is spoken to. */
export interface PostgresAddress {
  /** `postgres://user:password@host:port/database?…` */
  readonly url: string
  readonly applicationName: string
  readonly connectTimeoutMs: number
  /** How long the server may take for an answer, in milliseconds. */
  readonly answerTimeoutMs: number
  /** How long a transaction may do nothing before the server ends it, in milliseconds. */
  readonly idleInTransactionTimeoutMs: number
  /** How many connections at most, without the ones for sharing partitions and notifications. */
  readonly connections: number
}

/** The server's name for messages: without user and password. */
export function nameOfAddress(url: string): string {
  if (!URL.canParse(url)) return 'PostgreSQL'
  const { host, pathname } = new URL(url)
  return `PostgreSQL at ${host || 'a local socket'}${pathname}`
}
