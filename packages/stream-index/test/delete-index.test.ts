import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { deleteIndex, openIndexFolder, openStreamIndex } from '../src/index.js'

describe('deleteIndex', () => {
  it('deletes an index and leaves other files', async () => {
    const folder = await folderOf('index')
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    deleteIndex(folder)
    expect(readdirSync(folder)).toEqual(['notes.txt'])
  })

  it('refuses a log, also one that has lost its marker or whose marker is damaged', async () => {
    const folder = await folderOf('log')
    const before = readdirSync(folder).toSorted()
    expect(() => deleteIndex(folder)).toThrowError(expect.objectContaining({ code: 'HC_FOLDER_FOREIGN' }))
    expect(readdirSync(folder).toSorted()).toEqual(before)
    writeFileSync(join(folder, 'hindcast.json'), 'damaged')
    expect(() => deleteIndex(folder)).toThrowError(expect.objectContaining({ code: 'HC_FOLDER_FOREIGN' }))
    rmSync(join(folder, 'hindcast.json'))
    expect(() => deleteIndex(folder)).toThrowError(expect.objectContaining({ code: 'HC_FOLDER_FOREIGN' }))
    expect(
      existsSync(
        join(
          folder,
          before.find(name => name.endsWith('.mdb'))!,
        ),
      ),
    ).toBe(true)
  })

  it('has nothing to do in an empty folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hindcast-index-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    deleteIndex(folder)
    expect(readdirSync(folder)).toEqual([])
  })
})

async function folderOf(kind: 'index' | 'log'): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-index-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const index = await (kind === 'log' ? openStreamIndex : openIndexFolder)(folder, {
    logId: 'log-1',
    partitions: 2,
  })
  await index.close()
  return folder
}
