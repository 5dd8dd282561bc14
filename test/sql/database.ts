import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** Does some work on an empty database that is dropped afterwards. */
export async function withDatabase(server: string, work: (url: string) => Promise<void>): Promise<void> {
  const name = `hindcast_test_${randomBytes(6).toString('hex')}`
  const url = new URL(server)
  url.pathname = `/${name}`
  const admin = new Client({ connectionString: server })
  await admin.connect()
  try {
    await admin.query(`create database ${name}`)
    await work(url.href)
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.end()
  }
}
