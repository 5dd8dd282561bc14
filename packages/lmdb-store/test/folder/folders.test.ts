import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appendEvents, codeOf, filledFolder, open, readEverything, temporaryFolder } from './workbench.js'

describe('a folder that is not a log', () => {
  it('is refused when it holds files of something else, and nothing is added to it', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'package.json'), '{}')
    expect(await codeOf(open(folder))).toBe('HC_FOLDER_FOREIGN')
    expect(existsSync(join(folder, 'data.mdb'))).toBe(false)
  })

  it('is refused when it is a file', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    expect(await codeOf(open(file))).toBe('HC_FOLDER_UNUSABLE')
  })

  it('is refused when it is the LMDB environment of something else, which stays as it was', async () => {
    const folder = await filledFolder()
    rmSync(join(folder, 'hindcast.json'))
    // Our mark, changed where the main tree has it.
    const data = readFileSync(join(folder, 'data.mdb'), 'latin1')
    expect(data).toContain('hindcast')
    writeFileSync(join(folder, 'data.mdb'), data.replaceAll('hindcast', 'handcart'), 'latin1')
    const before = readFileSync(join(folder, 'data.mdb'))
    expect(await codeOf(open(folder))).toBe('HC_FOLDER_FOREIGN')
    expect(readFileSync(join(folder, 'data.mdb')).equals(before)).toBe(true)
  })

  it('is taken when it holds only other folders and files with a dot in front', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'views'))
    writeFileSync(join(folder, '.gitignore'), '*')
    const store = await open(folder)
    await store[Symbol.asyncDispose]()
    expect(existsSync(join(folder, 'views'))).toBe(true)
  })

  it('is made when it is missing, also when its name has a dot', async () => {
    const folder = join(temporaryFolder(), 'a', 'log.v1')
    const store = await open(folder)
    await store[Symbol.asyncDispose]()
    expect(existsSync(join(folder, 'data.mdb'))).toBe(true)
  })
})

describe.each([
  { which: 'a newer', format: '"format": 3', code: 'HC_FORMAT_NEWER' },
  { which: 'an older', format: '"format": 1', code: 'HC_FORMAT_OLDER' },
])('a log of $which format', ({ format, code }) => {
  it('is refused by its marker', async () => {
    const folder = await filledFolder()
    const marker = join(folder, 'hindcast.json')
    writeFileSync(marker, readFileSync(marker, 'utf8').replace('"format": 2', format))
    expect(await codeOf(open(folder))).toBe(code)
  })

  it('is refused by its data, when the marker is gone', async () => {
    const folder = await filledFolder()
    rmSync(join(folder, 'hindcast.json'))
    const data = readFileSync(join(folder, 'data.mdb'), 'latin1')
    expect(data).toContain('"format": 2')
    writeFileSync(join(folder, 'data.mdb'), data.replaceAll('"format": 2', format), 'latin1')
    const before = readFileSync(join(folder, 'data.mdb'))
    expect(await codeOf(open(folder))).toBe(code)
    expect(readFileSync(join(folder, 'data.mdb')).equals(before)).toBe(true)
  })
})

describe('a log of the first format', () => {
  it('is refused by its tables, when the marker is gone', async () => {
    const folder = temporaryFolder()
    const root = openLmdb(folder)
    await root.openDB('about', { encoding: 'binary' }).put('about', Buffer.from('{}'))
    await root.close()
    expect(await codeOf(open(folder))).toBe('HC_FORMAT_OLDER')
  })
})

describe('a log whose making was cut short', () => {
  it('is made by the next process that opens it', async () => {
    const folder = temporaryFolder()
    const root = openLmdb(folder)
    await root.put(Buffer.from('hindcast'), Buffer.from('being made'))
    await root.close()
    const store = await open(folder)
    await appendEvents(store, 10)
    await store[Symbol.asyncDispose]()
    expect(await readEverything(folder)).toBe(10)
  })
})

describe('a damaged log', () => {
  it('is refused when its data file is gone: it is never taken for a new one', async () => {
    const folder = await filledFolder()
    rmSync(join(folder, 'data.mdb'))
    expect(await codeOf(open(folder))).toBe('HC_FOLDER_DAMAGED')
    expect(existsSync(join(folder, 'data.mdb'))).toBe(false)
  })

  it('is refused when its data file is empty', async () => {
    const folder = await filledFolder()
    truncateSync(join(folder, 'data.mdb'), 0)
    expect(await codeOf(open(folder))).toBe('HC_FOLDER_DAMAGED')
  })

  it('is refused when its data file is cut, anywhere', async () => {
    const folder = await filledFolder()
    const { length } = readFileSync(join(folder, 'data.mdb'))
    for (const share of [0.001, 0.1, 0.5, 0.9]) {
      const copy = copyOf(folder)
      truncateSync(join(copy, 'data.mdb'), Math.floor(length * share))
      expect(await codeOf(open(copy)), `cut to ${share}`).toBe('HC_FOLDER_DAMAGED')
    }
  })

  it('is refused when its data file is something else', async () => {
    const folder = await filledFolder()
    writeFileSync(join(folder, 'data.mdb'), 'x'.repeat(100_000))
    expect(await codeOf(open(folder))).toBe('HC_FOLDER_DAMAGED')
  })

  it('is refused when its marker is not readable, or of another log', async () => {
    const folder = await filledFolder()
    const other = await filledFolder()
    writeFileSync(join(folder, 'hindcast.json'), '{')
    expect(await codeOf(open(folder))).toBe('HC_FOLDER_DAMAGED')
    cpSync(join(other, 'hindcast.json'), join(folder, 'hindcast.json'))
    expect(await codeOf(open(folder))).toBe('HC_FOLDER_DAMAGED')
  })

  it('opens with its marker gone, and has it again', async () => {
    const folder = await filledFolder()
    rmSync(join(folder, 'hindcast.json'))
    const store = await open(folder)
    await store[Symbol.asyncDispose]()
    expect(existsSync(join(folder, 'hindcast.json'))).toBe(true)
  })

  it('opens when the file is longer than what is in use, as after a kill', async () => {
    const folder = await filledFolder()
    appendFileSync(join(folder, 'data.mdb'), Buffer.alloc(20_000))
    expect(await readEverything(folder)).toBe(2000)
  })
})

describe('a log that was moved', () => {
  it('is the same log in its new place', async () => {
    const folder = await filledFolder()
    const moved = join(temporaryFolder(), 'moved')
    renameSync(folder, moved)
    expect(await readEverything(moved)).toBe(2000)
    const store = await open(moved)
    await appendEvents(store, 1)
    await store[Symbol.asyncDispose]()
  })
})

/** LMDB as anybody uses it. */
function openLmdb(folder: string): RootDatabase {
  const require = createRequire(new URL('../../../stream-index/package.json', import.meta.url))
  const lmdb = require('lmdb') as { open: (options: object) => RootDatabase }
  return lmdb.open({ path: folder, noSubdir: false, encoding: 'binary', keyEncoding: 'binary', maxDbs: 8 })
}

interface RootDatabase {
  openDB(name: string, options: object): { put(key: string, value: Buffer): Promise<boolean> }
  put(key: Buffer, value: Buffer): Promise<boolean>
  close(): Promise<void>
}

function copyOf(folder: string): string {
  const copy = temporaryFolder()
  cpSync(folder, copy, { recursive: true })
  return copy
}
