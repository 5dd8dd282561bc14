import { describe, expect, it } from 'vitest'
import { defectsOf, type Found } from './checker.js'

const acknowledged = new Map([
  ['a', 3],
  ['b', 1],
])
const good: Found = {
  tally: [
    { id: 'a', count: 3n, numbers: [1, 2, 3] },
    { id: 'b', count: 1n, numbers: [1] },
  ],
  total: 4n,
  entries: [
    { counter: 'b', n: 1 },
    { counter: 'a', n: 2 },
    { counter: 'a', n: 1 },
    { counter: 'a', n: 3 },
  ],
}
const withA = (count: bigint, ...numbers: readonly number[]): Found => ({
  ...good,
  tally: [{ id: 'a', count, numbers }, good.tally[1]!],
})

describe('the checker of read models', () => {
  it('finds nothing where every event counts once', () => {
    expect(defectsOf(acknowledged, good)).toEqual([])
    expect(defectsOf(new Map(), { tally: [], total: undefined, entries: [] })).toEqual([])
  })

  it('finds a lost event in each read model', () => {
    expect(defectsOf(acknowledged, withA(3n, 1, 3))).toEqual(['tally: a has lost 2'])
    expect(defectsOf(acknowledged, { ...good, tally: good.tally.slice(1) })).toHaveLength(3)
    expect(defectsOf(acknowledged, { ...good, total: 3n })).toEqual(['totals: 3 of 4'])
    expect(defectsOf(acknowledged, { ...good, total: undefined })).toEqual(['totals: 0 of 4'])
    expect(defectsOf(acknowledged, { ...good, entries: good.entries.slice(1) })).toEqual([
      'entries: b has lost 1',
    ])
  })

  it('finds a doubled event in each read model', () => {
    expect(defectsOf(acknowledged, withA(4n, 1, 2, 2, 3))).toEqual([
      'tally: a has 2 2 times',
      'tally: a is out of order: 1 2 2 3',
      'tally: a counts 4, not 3',
    ])
    expect(defectsOf(acknowledged, { ...good, total: 5n })).toEqual(['totals: 5 of 4'])
    expect(defectsOf(acknowledged, { ...good, entries: [...good.entries, good.entries[0]!] })).toEqual([
      'entries: b has 1 2 times',
    ])
  })

  it('finds events out of order, a wrong count, and what nobody counted', () => {
    expect(defectsOf(acknowledged, withA(3n, 2, 1, 3))).toEqual(['tally: a is out of order: 2 1 3'])
    expect(defectsOf(acknowledged, withA(2n, 1, 2, 3))).toEqual(['tally: a counts 2, not 3'])
    expect(defectsOf(acknowledged, withA(3n, 1, 2, 3, 9))).toEqual(['tally: a has 9 that was never counted'])
    const stranger = { id: 'z', count: 0n, numbers: [] }
    expect(defectsOf(acknowledged, { ...good, tally: [...good.tally, stranger] })).toEqual([
      'tally: z never counted',
    ])
  })
})
