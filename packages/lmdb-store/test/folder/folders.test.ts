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
    // The names of our tables, changed where the main tree has them.
    const data = readFileSync(join(folder, 'data.mdb'), 'latin1')
    writeFileSync(join(folder, 'data.mdb'), data.replaceAll('about\0', 'other\0'), 'latin1')
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

describe('a log of a newer format', () => {
  it('is refused by its marker', async () => {
    const folder = await filledFolder()
    const marker = join(folder, 'hindcast.json')
    writeFileSync(marker, readFileSync(marker, 'utf8').replace('"format": 1', '"format": 2'))
    expect(await codeOf(open(folder))).toBe('HC_FORMAT_NEWER')
  })

  it('is refused by its data, when the marker is gone', async () => {
    const folder = await filledFolder()
    rmSync(join(folder, 'hindcast.json'))
    const data = readFileSync(join(folder, 'data.mdb'), 'latin1')
    expect(data).toContain('"format": 1')
    writeFileSync(join(folder, 'data.mdb'), data.replaceAll('"format": 1', '"format": 7'), 'latin1')
    expect(await codeOf(open(folder))).toBe('HC_FORMAT_NEWER')
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

function copyOf(folder: string): string {
  const copy = temporaryFolder()
  cpSync(folder, copy, { recursive: true })
  return copy
}
