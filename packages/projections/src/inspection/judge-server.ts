import type { Finding } from '@hindcast/core'
import type { ServerFacts } from './server-facts.js'

const OLDEST_VERSION = 130_000
/** From here on a server ends sessions that are silent, so that a frozen process loses its partitions. */
const IDLE_SESSION_VERSION = 140_000
const CLOSE_MS = 1_000

/** A check of one thing: right, or how wrong and what to do. */
interface Check {
  readonly what: string
  readonly value: string
  readonly isRight: boolean
  /** When it is not right. Default `'wrong'`. */
  readonly otherwise?: 'wrong' | 'doubtful'
  readonly fix: string
}

/**
 * Compares what a server says with what exactly-once read models need.
 *
 * @param database - how it is called in findings
 * @param connections - how many the app may open at most
 */
export function judgeServer(database: string, facts: ServerFacts, connections: number): readonly Finding[] {
  return [...durability(facts), ...rights(facts), ...room(facts, connections)].map(
    ({ what, value, isRight, otherwise = 'wrong', fix }) =>
      isRight
        ? { subject: `${database}: ${what}`, value, verdict: 'right' }
        : { subject: `${database}: ${what}`, value, verdict: otherwise, fix },
  )
}

function durability(facts: ServerFacts): readonly Check[] {
  const { fsync, fullPageWrites, synchronousCommit } = facts
  return [
    {
      what: 'fsync',
      value: fsync,
      isRight: fsync === 'on',
      fix: 'set fsync = on: without it a crash of the machine damages rows and checkpoints, in any way',
    },
    {
      what: 'full_page_writes',
      value: fullPageWrites,
      isRight: fullPageWrites === 'on',
      fix: 'set full_page_writes = on, unless the file system never tears a page: otherwise a power cut damages tables',
    },
    {
      what: 'synchronous_commit',
      value: synchronousCommit,
      isRight: synchronousCommit !== 'off',
      otherwise: 'doubtful',
      fix: 'set synchronous_commit = on for this user, or know that after a crash of the server rows and checkpoints go back together by a moment: nothing is doubled, but readers see older rows again',
    },
  ]
}

function rights(facts: ServerFacts): readonly Check[] {
  const { readOnly, isStandby, user, mayCreateSchemas, foreignSchemas, encoding } = facts
  return [
    {
      what: 'writable',
      value: isStandby ? 'a standby' : readOnly === 'on' ? 'read-only transactions' : 'yes',
      isRight: !isStandby && readOnly !== 'on',
      fix: 'connect to the primary (target_session_attrs=read-write), with default_transaction_read_only = off',
    },
    {
      what: `right of "${user}" to make schemas`,
      value: mayCreateSchemas ? 'yes' : 'no',
      isRight: mayCreateSchemas,
      fix: `grant create on database … to "${user}": each version of a projection gets a schema of its own`,
    },
    {
      what: 'owner of the schemas hindcast and read',
      value:
        foreignSchemas.length === 0
          ? 'this user, or not made yet'
          : `somebody else's: ${foreignSchemas.join(', ')}`,
      isRight: foreignSchemas.length === 0,
      fix: `grant the role that owns them to "${user}", or connect as that role`,
    },
    {
      what: 'server_encoding',
      value: encoding,
      isRight: encoding === 'UTF8',
      fix: 'use a database with encoding UTF8: others cannot store every character of an event',
    },
  ]
}

function room(facts: ServerFacts, connections: number): readonly Check[] {
  const {
    version,
    versionNumber,
    freeConnections,
    lockTimeout,
    statementTimeout,
    clockAheadMs,
    clockErrorMs,
  } = facts
  const needed = connections + 2
  return [
    {
      what: 'version',
      value: version,
      isRight: versionNumber >= IDLE_SESSION_VERSION,
      otherwise: versionNumber >= OLDEST_VERSION ? 'doubtful' : 'wrong',
      fix:
        versionNumber >= OLDEST_VERSION
          ? 'upgrade to 14 or newer: before it, a frozen process keeps its partitions until the machine notices'
          : 'upgrade to 13 or newer',
    },
    {
      what: 'free connections',
      value: freeConnections > 1_000_000 ? 'no limit' : String(freeConnections),
      isRight: freeConnections >= needed,
      otherwise: freeConnections >= 3 ? 'doubtful' : 'wrong',
      fix: `raise max_connections or the limit of this user, or lower the option connections: one process opens up to ${needed}`,
    },
    {
      what: 'lock_timeout',
      value: lockTimeout,
      isRight: lockTimeout === '0',
      otherwise: 'doubtful',
      fix: 'set lock_timeout = 0 for this user: workers that wait for shared rows fail and begin again',
    },
    {
      what: 'statement_timeout',
      value: statementTimeout,
      isRight: statementTimeout === '0',
      otherwise: 'doubtful',
      fix: 'set statement_timeout = 0 for this user: large batches of a rebuild take longer than single rows',
    },
    {
      what: 'clock',
      value: `${clockAheadMs} ms from ours, give or take ${clockErrorMs} ms`,
      isRight: Math.abs(clockAheadMs) - clockErrorMs <= CLOSE_MS,
      otherwise: 'doubtful',
      fix: 'see that both machines keep time (chronyc tracking, timedatectl): lag and "as of" compare their clocks',
    },
  ]
}
