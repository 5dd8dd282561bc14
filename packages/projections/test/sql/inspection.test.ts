import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { inspectPostgres } from '@hindcast/projections'
import { OwnDatabase } from '../../../../test/servers/own-database.js'
import { postgresSuite, postgresUrl } from '../../../../test/servers/suites.js'
import { judgePooling } from '../../src/inspection/inspect-postgres.js'
import { judgeServer } from '../../src/inspection/judge-server.js'
import type { ServerFacts } from '../../src/inspection/server-facts.js'

const HEALTHY: ServerFacts = {
  ...{ version: '17.2', versionNumber: 170_002, fsync: 'on', fullPageWrites: 'on', synchronousCommit: 'on' },
  ...{
    readOnly: 'off',
    isStandby: false,
    lockTimeout: '0',
    statementTimeout: '0',
    encoding: 'UTF8',
    user: 'app',
  },
  ...{ freeConnections: 90, mayCreateSchemas: true, foreignSchemas: [], clockAheadMs: 3, clockErrorMs: 1 },
}

describe('a server that is compared with what read models need', () => {
  it('is right in everything', () => {
    expect(judgeServer('db', HEALTHY, 10).filter(({ verdict }) => verdict !== 'right')).toEqual([])
  })

  it.each<[Partial<ServerFacts>, string, string]>([
    [{ fsync: 'off' }, 'fsync', 'wrong'],
    [{ fullPageWrites: 'off' }, 'full_page_writes', 'wrong'],
    [{ synchronousCommit: 'off' }, 'synchronous_commit', 'doubtful'],
    [{ readOnly: 'on' }, 'writable', 'wrong'],
    [{ isStandby: true }, 'writable', 'wrong'],
    [{ mayCreateSchemas: false }, 'right of "app" to make schemas', 'wrong'],
    [{ foreignSchemas: ['read'] }, 'owner of the schemas hindcast and read', 'wrong'],
    [{ encoding: 'LATIN1' }, 'server_encoding', 'wrong'],
    [{ versionNumber: 130_005 }, 'version', 'doubtful'],
    [{ versionNumber: 120_000 }, 'version', 'wrong'],
    [{ freeConnections: 8 }, 'free connections', 'doubtful'],
    [{ freeConnections: 1 }, 'free connections', 'wrong'],
    [{ lockTimeout: '1s' }, 'lock_timeout', 'doubtful'],
    [{ statementTimeout: '30s' }, 'statement_timeout', 'doubtful'],
    [{ clockAheadMs: -4_000 }, 'clock', 'doubtful'],
  ])('%j is found: %s', (planted, what, verdict) => {
    const found = judgeServer('db', { ...HEALTHY, ...planted }, 10).filter(each => each.verdict !== 'right')
    expect(found).toMatchObject([{ subject: `db: ${what}`, verdict, fix: expect.any(String) as string }])
  })

  it('is wrong behind a pooler that gives a connection another session', () => {
    expect(judgePooling('db', ['1', '1'])).toMatchObject({ verdict: 'right' })
    expect(judgePooling('db', ['1', '2'])).toMatchObject({ verdict: 'wrong' })
  })
})

postgresSuite('looking at a PostgreSQL server', () => {
  it('finds what was set otherwise for this database and this user', async () => {
    await using database = await OwnDatabase.make(postgresUrl)
    const { name } = database
    const url = new URL(database.url)
    const client = new Client({ connectionString: database.url })
    await client.connect()
    try {
      await client.query(`create role ${name} login password 'pw' connection limit 4`)
      await client.query(`alter database ${name} set synchronous_commit = off`)
      await client.query(`alter database ${name} set lock_timeout = '7s'`)
      await client.query('create schema read')
      url.username = name
      url.password = 'pw'
      const found = await inspectPostgres(url.href)
      const troubles = found.filter(({ verdict }) => verdict !== 'right')
      expect(troubles.map(({ subject, value }) => [subject.replace(/^.*: /, ''), value])).toEqual([
        ['synchronous_commit', 'off'],
        [`right of "${name}" to make schemas`, 'no'],
        ['owner of the schemas hindcast and read', "somebody else's: read"],
        ['free connections', '3'],
        ['lock_timeout', '7s'],
      ])
      expect(found.at(-1)).toMatchObject({ value: 'none that shares sessions', verdict: 'right' })
    } finally {
      await client.query(`drop owned by ${name}; drop role ${name}`)
      await client.end()
    }
  })

  it('says that nobody answers', async () => {
    const [only, ...rest] = await inspectPostgres('postgres://nobody@127.0.0.1:1/none')
    expect(rest).toEqual([])
    expect(only).toMatchObject({ verdict: 'wrong', fix: expect.stringContaining('ECONNREFUSED') as string })
  })
})
