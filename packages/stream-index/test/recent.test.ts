import { describe, expect, it } from 'vitest'
import { Recent } from '../src/index/recent.js'

const head = { partition: 0, version: 3, lastAppend: 9, unpagedFrom: 0, unpagedAppends: 1 }

describe('what a transaction remembers of the one before', () => {
  it('holds while nobody else has written', () => {
    const recent = remembering(10, 1, true)
    expect(recent.continues(11, 2)).toBe(true)
    expect(recent.heads.get('account-1')).toEqual(head)
  })

  it('is forgotten when another process has written', () => {
    const recent = remembering(10, 1, true)
    expect(recent.continues(12, 2)).toBe(false)
    expect(recent.heads.size).toBe(0)
  })

  it('is forgotten when another handle of this process has written, perhaps in the same transaction', () => {
    expect(remembering(10, 1, true).continues(11, 3)).toBe(false)
    expect(remembering(10, 1, true).continues(10, 2)).toBe(false)
  })

  it('is forgotten when another process got the number of a transaction that wrote nothing', () => {
    expect(remembering(10, 1, false).continues(11, 2)).toBe(false)
    expect(remembering(10, 1, false).continues(10, 2)).toBe(true)
  })

  it('knows a command id as new only when it is a UUID above all others', () => {
    const recent = new Recent()
    const id = (n: number): string => `018f4a4e-7b1c-7000-8000-00000000000${n}`
    expect(recent.isNew(id(1))).toBe(false)
    recent.learnGreatest('not a uuid')
    expect(recent.isNew(id(1))).toBe(false)
    recent.learnGreatest(id(3))
    expect([id(2), id(3), id(4), 'zzz', id(4).toUpperCase()].map(text => recent.isNew(text))).toEqual([
      false,
      false,
      true,
      false,
      false,
    ])
    recent.saw('zzz')
    recent.saw(id(5))
    expect([id(5), id(6)].map(text => recent.isNew(text))).toEqual([false, true])
  })
})

function remembering(transaction: number, work: number, wrote: boolean): Recent {
  const recent = new Recent()
  recent.heads.set('account-1', head)
  recent.settle(transaction, work, wrote)
  return recent
}
