import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backupLog, verifyLog } from '@hindcast/lmdb-store'
import { describe, expect, it } from 'vitest'
import { appendEvents, codeOf, filledFolder, open, readEverything, temporaryFolder } from './workbench.js'

describe('a backup', () => {
  it('taken under load is a sound log that holds everything acknowledged before, and can be appended to', async () => {
    const folder = await filledFolder()
    const target = temporaryFolder()
    const store = await open(folder)
    const load = Promise.all(Array.from({ length: 20 }, () => appendEvents(store, 100)))
    const { logId, bytes } = await backupLog(folder, target)
    await load
    await store[Symbol.asyncDispose]()

    expect(logId).toBe(store.logId)
    expect(bytes).toBeGreaterThan(100_000)
    const content = await verifyLog(target)
    expect(content).toMatchObject({ logId, partitions: 8, streams: 23 })
    expect(content.events).toBeGreaterThanOrEqual(2000)
    expect(content.events).toBeLessThanOrEqual(4000)

    const restored = await open(target)
    expect(restored.logId).toBe(logId)
    await appendEvents(restored, 100)
    await restored[Symbol.asyncDispose]()
    expect(await readEverything(target)).toBe(content.events + 100)
    expect(await readEverything(folder)).toBe(4000)
  })

  it('is made once where several are made into one folder at the same moment, and nobody touches it then', async () => {
    const folder = await filledFolder()
    for (let round = 0; round < 5; round++) {
      const target = join(temporaryFolder(), 'copy')
      const codes = await Promise.all(Array.from({ length: 4 }, () => codeOf(backupLog(folder, target))))
      expect(codes.toSorted()).toEqual([...Array<string>(3).fill('HC_FOLDER_UNUSABLE'), 'no error'])
      expect(await verifyLog(target)).toMatchObject({ events: 2000 })
      expect(readdirSync(target).toSorted()).toEqual(['data.mdb', 'hindcast.json', 'lock.mdb'])
    }
  })

  it('is refused where something is, and where there is no log', async () => {
    const folder = await filledFolder()
    const target = temporaryFolder()
    writeFileSync(join(target, 'note.txt'), '')
    expect(await codeOf(backupLog(folder, target))).toBe('HC_FOLDER_UNUSABLE')
    expect(readdirSync(target)).toEqual(['note.txt'])
    const empty = temporaryFolder()
    expect(await codeOf(backupLog(empty, join(empty, 'copy')))).toBe('HC_FOLDER_UNUSABLE')
    expect(readdirSync(empty)).toEqual([])
  })
})

describe('verifying', () => {
  it('counts what a sound log holds', async () => {
    expect(await verifyLog(await filledFolder())).toMatchObject({ events: 2000, streams: 23, partitions: 8 })
  })

  it('says of a file in the place of the folder that it cannot be used', async () => {
    const folder = await filledFolder()
    expect(await codeOf(verifyLog(join(folder, 'data.mdb')))).toBe('HC_FOLDER_UNUSABLE')
  })

  it('makes no log where there is none', async () => {
    const folder = temporaryFolder()
    expect(await codeOf(verifyLog(folder))).toBe('HC_FOLDER_UNUSABLE')
    expect(await codeOf(verifyLog(join(folder, 'missing')))).toBe('HC_FOLDER_UNUSABLE')
    expect(readdirSync(folder)).toEqual([])
  })
})
