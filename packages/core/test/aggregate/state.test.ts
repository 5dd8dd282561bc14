import { describe, expect, it } from 'vitest'
import { Aggregate, AggregateRoot, Field } from '../../src/index.js'
import { captureState, restoreState } from '../../src/aggregate/state.js'
import type { LoadedAggregate } from '../../src/aggregate/emission.js'

class Money {
  constructor(
    readonly cents: bigint,
    readonly currency: string,
  ) {}
  get isZero(): boolean {
    return this.cents === 0n
  }
}
@Aggregate('purse')
class Purse extends AggregateRoot<never> {
  text = 'ä\u0000"'
  count = 3
  huge = Number.POSITIVE_INFINITY
  minusZero = -0
  none = null
  missing: string | undefined = undefined
  big = 2n ** 70n
  since = new Date(0)
  names = new Set(['a', 'b'])
  byDay = new Map([[new Date(5), { seen: [1n, 2n] }]])
  nested: object = { $: 'a tag of its own', list: [[1], [new Date(7)]], ['__proto__x']: 1 }
  @Field(() => Money) total: Money = new Money(5n, 'EUR')
  @Field([Money]) parts: Money[] = [new Money(0n, 'USD')]
}
const asLoaded = (root: object): LoadedAggregate => root as unknown as LoadedAggregate

describe('the state of an aggregate', () => {
  it('comes back from a snapshot exactly as it was', () => {
    const before = new Purse()
    before.text = 'changed'
    const after = new Purse()
    restoreState(asLoaded(after), captureState(asLoaded(before)))
    expect(after).toStrictEqual(before)
    expect(Object.is(after.minusZero, -0)).toBe(true)
    expect(after.parts[0]!.isZero).toBe(true)
  })

  it('loses what was not there when the snapshot was taken', () => {
    const before = new Purse() as Purse & { extra?: number }
    const state = captureState(asLoaded(before))
    const after = new Purse() as Purse & { extra?: number }
    after.extra = 1
    restoreState(asLoaded(after), state)
    expect(Object.hasOwn(after, 'extra')).toBe(false)
  })

  it.each([
    ['a function', (): number => 1],
    ['an instance of Money', new Money(1n, 'EUR')],
    ['an instance of WeakMap', new WeakMap()],
  ])('is refused when it holds %s, with the path', (found, value) => {
    const purse = new Purse()
    purse.nested = { deep: [value] }
    expect(() => captureState(asLoaded(purse))).toThrow(
      expect.objectContaining({
        code: 'HC_STATE_NOT_SERIALIZABLE',
        context: { aggregate: 'Purse', path: 'nested.deep[0]', found },
      }),
    )
  })

  it('is refused when it holds a cycle', () => {
    const purse = new Purse()
    const cycle: { self?: object } = {}
    cycle.self = cycle
    purse.nested = cycle
    expect(() => captureState(asLoaded(purse))).toThrow(
      expect.objectContaining({ code: 'HC_STATE_NOT_SERIALIZABLE' }),
    )
  })
})
