import { describe, expect, it } from 'vitest'
import { KnownHeads } from '../src/index/known-heads.js'
import { Layer } from '../src/index/layer.js'
import type { AppendNotes } from '../src/index/placed-append.js'
import { RecordRun } from '../src/record/record-run.js'
import { UNREAD } from '../src/validity/log-state.js'

const head = (version: number) => ({ partition: 1, version, id: `e${version}` })

describe('the heads of streams that an index knows', () => {
  it('are those said last, and those in use outlive any number of others', () => {
    const heads = new KnownHeads()
    heads.set('account-1', head(0))
    heads.set('account-1', head(4))
    for (let i = 0; i < 100_000; i++) {
      heads.set(`other-${i}`, head(i))
      if (i % 1000 === 0) expect(heads.get('account-1')).toEqual(head(4))
    }
    expect(heads.get('account-1')).toEqual(head(4))
  })

  it('are forgotten when they are not in use, and never come back older', () => {
    const heads = new KnownHeads()
    heads.set('account-1', head(0))
    for (let i = 0; i < 20_000; i++) heads.set(`other-${i}`, head(i))
    heads.set('account-1', head(7))
    expect(heads.get('account-1')).toEqual(head(7))
    for (let i = 0; i < 100_000; i++) heads.set(`other-${i}`, head(i))
    expect(heads.get('account-1')).toBeUndefined()
    expect(heads.get('nobody-1')).toBeUndefined()
  })

  it.each([10, 16_384, 16_385])('are never older than a layer of %d streams that was written', streams => {
    const heads = new KnownHeads()
    for (let i = 0; i < 100; i++) heads.set(`account-${i}`, head(0))
    const layer = new Layer({ take: () => true })
    const note = (notes: AppendNotes): void => {
      for (let i = 0; i < streams; i++) {
        notes.append(`c${i}`, 0, i)
        notes.write(`account-${i}`, i, 1, 1, head(1).id)
      }
    }
    const run = new RecordRun(1, 0, 0, streams, Buffer.alloc(0), 0, 0)
    layer.add(1, { run, note, time: 0 }, UNREAD)
    heads.learn(layer)
    for (let i = 0; i < Math.min(streams, 100); i++)
      expect([undefined, 1]).toContain(heads.get(`account-${i}`)?.version)
    expect(heads.get('account-0')?.version).toBe(streams > 16_384 ? undefined : 1)
  })
})
