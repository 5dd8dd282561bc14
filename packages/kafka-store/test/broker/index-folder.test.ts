import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStreamIndex } from '@hindcast/stream-index'
import { expect, it } from 'vitest'
import { append, idsOf } from './stage/appends.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { newFolder } from './stage/place.js'
import { openRival, openStage, type Stage } from './stage/stage.js'

/** A log with some events in two streams, and the folder of an index that has read them all; nobody has it open. */
async function filledIndex(): Promise<Stage & { readonly ids: readonly string[] }> {
  const stage = await openStage()
  const ids = [...(await append(stage.store, 'account-1', { events: 20 }))]
  await append(stage.store, 'account-2', { events: 20 })
  ids.push(...(await append(stage.store, 'account-1')))
  await stage.store[Symbol.asyncDispose]()
  return { ...stage, ids }
}

kafkaSuite('the folder of the index', () => {
  it('is of one process at a time: a second one is refused, and the error names the first', async () => {
    const stage = await openStage()
    await expect(openRival(stage, { dataDir: stage.dataDir })).rejects.toMatchObject({
      code: 'HC_INDEX_IN_USE',
      context: { pid: process.pid },
    })
    expect(await append(stage.store, 'account-1')).toHaveLength(1)
  })

  it('is gone on with: only what is new is read', async () => {
    const { ids, ...stage } = await filledIndex()
    const rival = await openRival(stage)
    const more = await append(rival.store, 'account-1', { expected: 20 })
    const again = await openRival(stage, { dataDir: stage.dataDir })
    expect(await idsOf(again.store, 'account-1')).toEqual([...ids, ...more])
    // The beginning tells the log, the last batch that it has not changed.
    expect(again.port.fetchedFrom.filter(offset => offset > 0 && offset < 41)).toEqual([])
    expect(again.port.fetchedFrom).toContain(41)
  })

  it('may be deleted: it is filled again', async () => {
    const { ids, ...stage } = await filledIndex()
    rmSync(stage.dataDir, { recursive: true })
    const again = await openRival(stage, { dataDir: stage.dataDir })
    expect(await idsOf(again.store, 'account-1')).toEqual(ids)
    expect(await append(again.store, 'account-1', { expected: 20 })).toHaveLength(1)
  })

  it('is filled again when it is damaged', async () => {
    const { ids, ...stage } = await filledIndex()
    const file = join(stage.dataDir, 'data.mdb')
    const bytes = readFileSync(file)
    bytes.fill(0xee, 8192)
    writeFileSync(file, bytes)
    const again = await openRival(stage, { dataDir: stage.dataDir })
    expect(await idsOf(again.store, 'account-1')).toEqual(ids)
  })

  it('is filled again when its file is cut off, or empty', async () => {
    const { ids, ...stage } = await filledIndex()
    const file = join(stage.dataDir, 'data.mdb')
    for (const length of [5000, 0]) {
      writeFileSync(file, readFileSync(file).subarray(0, length))
      const again = await openRival(stage, { dataDir: stage.dataDir })
      expect(await idsOf(again.store, 'account-1')).toEqual(ids)
      await again.store[Symbol.asyncDispose]()
    }
  })

  it('is filled again when it belongs to another log', async () => {
    const one = await filledIndex()
    const other = await filledIndex()
    const again = await openRival(other, { dataDir: one.dataDir })
    expect(await idsOf(again.store, 'account-1')).toEqual(other.ids)
  })

  it('is left alone when a newer version has written it', async () => {
    const { dataDir, ...stage } = await filledIndex()
    const marker = join(dataDir, 'hindcast.json')
    const about = JSON.parse(readFileSync(marker, 'utf8')) as { format: number }
    writeFileSync(marker, JSON.stringify({ ...about, format: about.format + 1 }))
    const before = readFileSync(join(dataDir, 'data.mdb'))
    await expect(openStage({ topic: stage.topic, dataDir })).rejects.toMatchObject({
      code: 'HC_FORMAT_NEWER',
    })
    expect(readFileSync(join(dataDir, 'data.mdb'))).toEqual(before)
  })

  it('is left alone when it holds an embedded log', async () => {
    const dataDir = newFolder()
    const log = await openStreamIndex(dataDir, { logId: 'the only copy', partitions: 1 })
    await log.close()
    await expect(openStage({ dataDir })).rejects.toMatchObject({ code: 'HC_FOLDER_FOREIGN' })
    const again = await openStreamIndex(dataDir, { logId: 'another', partitions: 1 })
    expect(again.logId).toBe('the only copy')
    await again.close()
  })
})
