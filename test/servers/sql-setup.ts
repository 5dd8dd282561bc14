import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'

const url = process.env['POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test'

/** Tells the tests where PostgreSQL is, if it is there; without it the last line of the run says how many suites did not run. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('pgliteTemplate', await pgliteTemplate())
  if (await answers()) project.provide('postgresUrl', url)
}

async function answers(): Promise<boolean> {
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
