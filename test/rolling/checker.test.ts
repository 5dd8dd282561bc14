import { describe, expect, it } from 'vitest'
import { defectsOf, type Found, type Sent } from './checker.js'

const SENT: readonly Sent[] = [
  { id: 'a1', kind: 'deposit', key: 'a', outcome: 'acknowledged', version: 0 },
  { id: 'a2', kind: 'move', key: 'a', outcome: 'acknowledged', version: 1 },
  { id: 'a3', kind: 'deposit', key: 'a', outcome: 'refused' },
  { id: 'a4', kind: 'move', key: 'a', outcome: 'unknown' },
  { id: 'j1', kind: 'fill', key: 'j', outcome: 'acknowledged', version: 0 },
]
const A = ['a1', 'a2/taken', 'a2/given']

/** Read models with these entries of account a. */
function found(row: readonly string[], entries = row, count = row.length): Found {
  return {
    rows: [
      { id: 'a', count: BigInt(count), entries: row },
      { id: 'j', count: 1n, entries: ['j1'] },
    ],
    entries: entries.map(entry => ({ account: 'a', entry })),
  }
}

describe('the checker of rolling deployments', () => {
  it('finds nothing wrong with what is right, whether a command of unknown outcome was executed or not', () => {
    expect(defectsOf(SENT, found(A))).toEqual([])
    expect(defectsOf(SENT, found([...A, 'a4/taken', 'a4/given']))).toEqual([])
  })

  it.each<[string, Found, string]>([
    ['a lost event', found(['a1', 'a2/taken']), 'row of a: a2 is lost'],
    ['one lost in one table', found(A, A.slice(1)), 'entry of a: a1 is lost'],
    ['a doubled event', found(['a1', ...A]), 'row of a: a1 is there 2 times'],
    ['one doubled in one table', found(A, [...A, 'a1']), 'entry of a: a1 is there 2 times'],
    ['a refused command that wrote', found([...A, 'a3']), 'row of a: a3 is there, and was refused'],
    ['half of an append', found([...A, 'a4/taken']), 'row of a: half of a4 is there'],
    [
      'an append of unknown outcome that is doubled',
      found([...A, ...twice('a4')]),
      'row of a: a4 is there 2 times',
    ],
    ['an invented event', found([...A, 'a9']), 'row: a a9 was never sent'],
    [
      'events out of order',
      found(['a2/taken', 'a2/given', 'a1']),
      'row a is out of order: a2/taken a2/given a1',
    ],
    ['a wrong count', found(A, A, 4), 'row a counts 4, and has 3 entries'],
  ])('finds %s', (_, planted, defect) => {
    expect(defectsOf(SENT, planted)).toContain(defect)
  })

  it('finds an event in the row of another key', () => {
    const { rows, entries } = found(A)
    const misplaced = { rows: rows.map(row => ({ ...row, id: 'b' })), entries }
    expect(defectsOf(SENT, misplaced)).toContain('row of a: a1 is lost')
    expect(defectsOf(SENT, misplaced)).toContain('row: b a1 was never sent')
  })
})

function twice(id: string): readonly string[] {
  return [1, 2].flatMap(() => [`${id}/taken`, `${id}/given`])
}
