import { describe, expect, it } from 'vitest'
import { KnownHeads } from '../src/index/known-heads.js'

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
})
