import { expect, it } from 'vitest'
import { append, appendOf, idsOf } from './stage/appends.js'
import { writeForeign } from './stage/foreign.js'
import { kafkaSuite } from '../../../../test/servers/suites.js'
import { rawBatch, RawWriter, resequenced } from './stage/raw-writer.js'
import { openRival, openStage } from './stage/stage.js'
import { contentOf, validIds, voidBatches } from './stage/topic-content.js'

kafkaSuite('an append that the broker says it has written', () => {
  it('is acknowledged without reading when it stands where it was expected', async () => {
    const { store, port, topic } = await openStage({ deaf: true })
    const first = await append(store, 'account-1')
    const fetches = port.fetches
    const second = await append(store, 'account-1', { expected: 0 })
    expect(port.fetches).toBe(fetches)
    expect(await validIds(topic)).toEqual([...first, ...second])
  })

  it('is sent twice the first time of a process, and once from then on', async () => {
    const { store, port, topic } = await openStage()
    const ids = await append(store, 'account-1')
    await append(store, 'account-2')
    expect(port.sent).toHaveLength(3)
    expect(port.sent[1]).toEqual(port.sent[0])
    await append(store, 'account-3')
    expect(port.sent).toHaveLength(4)
    expect((await validIds(topic)).slice(0, 1)).toEqual(ids)
    expect(await voidBatches(topic)).toBe(0)
  })

  it('counts when it stands further behind, and what is between is foreign', async () => {
    const { store, topic } = await openStage({ deaf: true })
    await append(store, 'account-1')
    await writeForeign(topic)
    await writeForeign(topic)
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toMatchObject({ kind: 'appended', repeated: false, versions: [1] })
    const content = await contentOf(topic)
    expect(content.map(({ ours, valid }) => [ours, valid])).toEqual([
      [true, true],
      [true, true],
      [false, false],
      [false, false],
      [true, true],
    ])
    expect(content.at(-1)!.ids).toEqual(ids)
    expect(await idsOf(store, 'account-1')).toHaveLength(2)
  })

  it('never happened when it stands behind what another writer wrote: it is decided and sent again', async () => {
    const stage = await openStage({ deaf: true })
    const { store, topic, port } = stage
    const before = await append(store, 'account-1')
    const others = await append((await openRival(stage)).store, 'account-1', { expected: 0 })
    // A broker that does not remember the others takes the batch, whatever its sequence number.
    port.next((send, batch) => send(resequenced(batch, 1, 0)))
    const { run, ids } = appendOf(store, 'account-1')
    expect(await run()).toMatchObject({ kind: 'appended', repeated: false, versions: [2] })
    expect(await voidBatches(topic)).toBe(1)
    expect(await validIds(topic)).toEqual([...before, ...others, ...ids])
    expect(await idsOf(store, 'account-1')).toEqual([...before, ...others, ...ids])
  })

  it('is a conflict with the version found, when what was between broke its expectation', async () => {
    const stage = await openStage({ deaf: true })
    const { store, topic, port } = stage
    await append(store, 'account-1')
    await append((await openRival(stage)).store, 'account-1', { expected: 0 })
    port.next((send, batch) => send(resequenced(batch, 1, 0)))
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toEqual({ kind: 'conflict', stream: 'account-1', expected: 0, actual: 1 })
    expect(await validIds(topic)).not.toContain(ids[0])
    expect(await voidBatches(topic)).toBe(1)
    expect(await append(store, 'account-1', { expected: 1 })).toHaveLength(1)
  })

  it('is lost when a void batch lies between: that counts as the last one, too', async () => {
    const stage = await openStage({ deaf: true })
    const { store, topic, port } = stage
    const before = await append(store, 'account-1')
    const writer = await RawWriter.open(topic)
    await writer.write(rawBatch({ logId: store.logId, after: 99, epoch: 1 }))
    port.next((send, batch) => send(resequenced(batch, 1, 1)))
    const { run, ids } = appendOf(store, 'account-1', { expected: 0 })
    expect(await run()).toMatchObject({ kind: 'appended', versions: [1] })
    expect(await voidBatches(topic)).toBe(2)
    expect(await validIds(topic)).toEqual([...before, ...ids])
  })
})
