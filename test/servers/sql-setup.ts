import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'
import { OwnServer } from './own-server.js'

const USUAL = 'postgres://postgres@127.0.0.1:5432/test'
/** Several tests at a time, each with several processes. The rest is as a server comes. */
const SETTINGS = { max_connections: '500' }

/**
 * Gives the tests of this run a PostgreSQL server: the one named by POSTGRES_URL, else one of their own, which they all share
 * and nobody else uses, else the usual one of this machine. Where none is to be had, the last line of the run says how many
 * suites did not run.
 *
 * @returns stops what was started
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  project.provide('pgliteTemplate', await pgliteTemplate())
  const given = process.env['POSTGRES_URL']
  const own = given === undefined && OwnServer.canBeMade ? await OwnServer.make(SETTINGS) : undefined
  await own?.start()
  const url = own?.url ?? given ?? USUAL
  if (await answers(url)) project.provide('postgresUrl', url)
  // Also for processes that tests start, and for the next project of this run.
  process.env['POSTGRES_URL'] = url
  return own && (() => own[Symbol.asyncDispose]())
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Kept between runs, and made anew for another version of PGlite. */
async function pgliteTemplate(): Promise<string> {
  const manifest = new URL('../../packages/projections/package.json', import.meta.url)
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    dependencies: { '@electric-sql/pglite': string }
  }
  const version = dependencies['@electric-sql/pglite']
  const template = fileURLToPath(
    new URL(`../../node_modules/.cache/hindcast-pglite-${version}`, import.meta.url),
  )
  if (existsSync(template)) return template
  mkdirSync(dirname(template), { recursive: true })
  const making = mkdtempSync(`${template}-`)
  await (await PGlite.create(join(making, 'data'))).close()
  cpSync(join(making, 'data'), `${making}.whole`, { recursive: true })
  rmSync(making, { recursive: true })
  // Another run may have been faster; then its folder is as good.
  if (existsSync(template)) rmSync(`${making}.whole`, { recursive: true })
  else renameSync(`${making}.whole`, template)
  return template
}
