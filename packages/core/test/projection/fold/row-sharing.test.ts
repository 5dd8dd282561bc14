import { describe, expect, it } from 'vitest'
import { rowSharing, type Newable } from '../../../src/index.js'
import { planFolds } from '../../../src/projection/fold/fold-plan.js'
import { Balances, Closed, Deposited, happened, Opened, rowsOf, Totals } from '../bank.js'

const from =
  (categories: readonly string[] | undefined, unless: Newable[] = []) =>
  (event: Newable) =>
    unless.includes(event) ? [] : categories
const account = { categoriesOf: from(['account']) }

describe('rows that need no lock', () => {
  it('are those of a projection fed by one log and one category, each in the row of its stream', () => {
    expect(rowSharing(rowsOf(Balances), [account])).toEqual({ kind: 'single', category: 'account' })
    const other = { categoriesOf: from([]) }
    expect(rowSharing(rowsOf(Balances), [other, account])).toEqual({ kind: 'single', category: 'account' })
  })

  it.each<[string, Newable, { categoriesOf?: (event: Newable) => readonly string[] | undefined }[]]>([
    ['a fold with a key of its own', Totals, [account]],
    [
      'two categories, which may have equal keys',
      Balances,
      [{ categoriesOf: from(['account', 'customer']) }],
    ],
    ['two logs, which may have equal keys', Balances, [account, account]],
    ['a log of which nothing is known', Balances, [{}]],
    [
      'an event of which nothing is known',
      Balances,
      [{ categoriesOf: e => (e === Opened ? undefined : ['account']) }],
    ],
    ['another log of which nothing is known', Balances, [account, { categoriesOf: from(undefined) }]],
    ['no log at all', Balances, []],
  ])('are not those of %s', (_, type, sources) => {
    expect(rowSharing(rowsOf(type), sources)).toEqual({ kind: 'shared' })
  })

  it('stop the projection when an event of another category names one of them', () => {
    const plan = () =>
      planFolds(rowsOf(Balances), { kind: 'single', category: 'account' }, [
        happened('1', Opened.of({ owner: 'Ada' })),
        happened('1', Deposited.of({ cents: 1 }), 2n, 'customer'),
      ])
    expect(plan).toThrow(
      expect.objectContaining({
        code: 'HC_ROW_SHARED',
        message: expect.stringMatching(/category "customer" is not "account".*row "1"/) as string,
      }),
    )
    expect(
      planFolds(rowsOf(Balances), { kind: 'shared' }, [happened('1', new Closed(), 2n, 'customer')]).keys,
    ).toEqual(['1'])
  })
})
