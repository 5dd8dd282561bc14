import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, describe } from 'vitest'
import { openPglite } from '../../../src/folder/open-pglite.js'
import { lockFolder } from '../../../src/folder/folder-lock.js'
import { pgliteFolder } from '../setup/databases.js'

const built = (file: string): string => new URL(`../../../dist/folder/${file}.js`, import.meta.url).href

const children: ChildProcess[] = []

/** A process that runs the code and says when it has come to the end of it. */
async function processThat(code: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${code}; console.log('ready')`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the process ended'))),
  ])
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

describe('a folder for read models', () => {
  let folder: string

  beforeEach(() => {
    folder = pgliteFolder()
  })
  afterEach(async () => {
    for (const child of children.splice(0))
      if (child.exitCode === null && child.signalCode === null) await kill(child)
    rmSync(folder, { recursive: true, force: true })
  })

  const locking = (path: string): string =>
    `import { lockFolder } from '${built('folder-lock')}'; await lockFolder(${JSON.stringify(path)}); setInterval(() => {}, 1000)`

  it('belongs to one process until that is killed, also while it is frozen', async () => {
    const child = await processThat(locking(folder))
    const refused = { code: 'HC_READ_MODEL_IN_USE', context: { folder, pid: child.pid } }
    await expect(openPglite(folder)).rejects.toMatchObject(refused)
    child.kill('SIGSTOP')
    await expect(openPglite(folder)).rejects.toMatchObject(refused)
    child.kill('SIGCONT')
    await kill(child)
    const database = await openPglite(folder)
    await expect(openPglite(folder)).rejects.toMatchObject({ context: { pid: process.pid } })
    await database[Symbol.asyncDispose]()
    expect(readdirSync(folder).toSorted()).toEqual(['hindcast-read-models.json', 'pglite'])
  })

  it('is had by exactly one of many that want it at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => lockFolder(folder)))
      const locks = outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      expect(locks.length).toBeLessThanOrEqual(1)
      for (const lock of locks) await lock[Symbol.asyncDispose]()
    }
    await (await lockFolder(folder))[Symbol.asyncDispose]()
  })

  it('may have a path longer than that of a socket', async () => {
    const deep = join(folder, 'pglite', 'x'.repeat(100), 'y'.repeat(100))
    mkdirSync(deep, { recursive: true })
    await processThat(locking(deep))
    await expect(lockFolder(deep)).rejects.toMatchObject({ code: 'HC_READ_MODEL_IN_USE' })
  })

  it('is whole after a process was killed in the middle of writing', async () => {
    const writer = `
      import { openPglite } from '${built('open-pglite')}'
      const database = await openPglite(${JSON.stringify(folder)})
      await database.session(session => session.script('create table t (n int primary key, half int); insert into t values (0, 0)'))
      const write = async n => { await database.session(async session => {
        await session.script('begin'); await session.query('insert into t values ($1, $1)', [String(n)])
        await session.query('update t set half = $1 where n = 0', [String(n)]); await session.script('commit') }) }
      for (let n = 1; n <= 20; n++) await write(n)
      void (async () => { for (let n = 21; ; n++) await write(n) })()`
    await kill(await processThat(writer))
    const database = await openPglite(folder)
    const { rows } = await database.session(session =>
      session.query('select count(*) - 1, max(n), max(half) filter (where n = 0) from t'),
    )
    const [count, last, told] = rows[0]!.map(Number)
    expect(count).toBeGreaterThanOrEqual(20)
    expect([last, told]).toEqual([count, count])
    await database[Symbol.asyncDispose]()
  })

  it('that holds something else is refused, and nothing of it is changed', async () => {
    const foreign = mkdtempSync(join(tmpdir(), 'hindcast-foreign-'))
    writeFileSync(join(foreign, 'letter.txt'), 'dear reader')
    await expect(openPglite(foreign)).rejects.toMatchObject({
      code: 'HC_READ_MODEL_FOLDER',
      message: expect.stringContaining('letter.txt') as string,
    })
    expect(readdirSync(foreign)).toEqual(['letter.txt'])
    await expect(openPglite(join(foreign, 'letter.txt'))).rejects.toMatchObject({
      code: 'HC_READ_MODEL_FOLDER',
    })
    rmSync(foreign, { recursive: true })
  })

  it('that is damaged is refused with a way out, and locked no longer', async () => {
    truncateSync(join(folder, 'pglite', 'global', 'pg_control'), 0)
    const refused = {
      code: 'HC_READ_MODEL_FOLDER',
      message: expect.stringContaining('Delete the folder') as string,
    }
    await expect(openPglite(folder)).rejects.toMatchObject(refused)
    rmSync(join(folder, 'pglite', 'PG_VERSION'))
    await expect(openPglite(folder)).rejects.toMatchObject(refused)
    writeFileSync(join(folder, 'hindcast-read-models.json'), '{')
    await expect(openPglite(folder)).rejects.toMatchObject(refused)
    writeFileSync(join(folder, 'hindcast-read-models.json'), '{"format":2,"made":true}')
    await expect(openPglite(folder)).rejects.toMatchObject({
      message: expect.stringContaining('Upgrade') as string,
    })
    await (await lockFolder(folder))[Symbol.asyncDispose]()
  })

  it('whose making was interrupted is made anew', { timeout: 180_000 }, async () => {
    rmSync(join(folder, 'pglite', 'PG_VERSION'))
    writeFileSync(join(folder, 'hindcast-read-models.json'), '{"format":1,"made":false}')
    const database = await openPglite(folder)
    const { rows } = await database.session(session => session.query('select 1'))
    expect(rows).toEqual([['1']])
    await database[Symbol.asyncDispose]()
  })

  it('must be named', async () => {
    await expect(openPglite('')).rejects.toMatchObject({ code: 'HC_READ_MODEL_OPTION' })
  })
})
