import { describe, expect, it } from 'vitest'
import { Event, EventCatalog, upcast } from '@hindcast/core'

class Paid extends Event('order.paid', { version: 3, formerly: ['order.payed'] }) {
  cents!: number
}
const catalog = new EventCatalog(
  [Paid],
  [
    upcast(Paid).from<object>(1).drop(),
    upcast(Paid)
      .from<{ euros: number }>(2)
      .up(({ euros }) => ({ cents: euros * 100 }))
      .done(),
    upcast('order.bought')
      .from<{ cents: number }>(1)
      .split(({ cents }) => [Paid.of({ cents })]),
  ],
)

describe('what a recorded version becomes', () => {
  it.each([
    ['order.paid', 1, 'nothing'],
    ['order.paid', 2, 'itself'],
    ['order.paid', 3, 'itself'],
    ['order.payed', 2, 'itself'],
    ['order.bought', 1, 'others'],
    ['order.paid', 4, undefined],
    ['order.paid', 0, undefined],
    ['order.lost', 1, undefined],
  ])('%s, version %i: %s', (type, version, becomes) => {
    expect(catalog.problems).toEqual([])
    expect(catalog.becomes(type, version)).toBe(becomes)
  })
})
