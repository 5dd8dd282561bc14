import { expect, it } from 'vitest'
import type { AggregateDefinition } from '../../src/aggregate/definition.js'
import type { Mailbox } from '../../src/command/mailbox.js'
import { Mailboxes } from '../../src/command/mailboxes.js'

const aggregate = (category: string): AggregateDefinition => ({ category }) as AggregateDefinition
const [account, order] = [aggregate('account'), aggregate('order')]

function held(mailboxes: Mailboxes, of: AggregateDefinition, key: string): Mailbox {
  return mailboxes.hold(of, key, mailboxes.placeOf(of, key))
}

/** Uses a mailbox whose state stays in memory. */
function use(mailboxes: Mailboxes, of: AggregateDefinition, key: string): Mailbox {
  const mailbox = held(mailboxes, of, key)
  mailbox.root ??= {} as NonNullable<Mailbox['root']>
  mailboxes.release(mailbox)
  return mailbox
}

const has = (mailboxes: Mailboxes, mailbox: Mailbox): boolean =>
  [...mailboxes.roots()].includes(mailbox.root!)

it('keys of two aggregates are two mailboxes, each at its own stream', () => {
  const mailboxes = new Mailboxes(10)
  const [one, other] = [held(mailboxes, account, '1'), held(mailboxes, order, '1')]
  expect([one.place.stream, other.place.stream]).toEqual(['account-1', 'order-1'])
  expect(held(mailboxes, account, '1')).toBe(one)
})

it('the idle one that was used least recently makes room, whichever aggregate it is of', () => {
  const mailboxes = new Mailboxes(3)
  const first = use(mailboxes, account, '1')
  const second = use(mailboxes, order, '1')
  const third = use(mailboxes, account, '2')
  use(mailboxes, account, '1')
  const fourth = use(mailboxes, order, '2')
  expect([first, second, third, fourth].map(one => has(mailboxes, one))).toEqual([true, false, true, true])
})

it('one that a command holds makes no room, and goes when it is released beyond the number', () => {
  const mailboxes = new Mailboxes(1)
  const busy = held(mailboxes, account, '1')
  busy.root = {} as NonNullable<Mailbox['root']>
  const other = use(mailboxes, account, '2')
  expect(has(mailboxes, other)).toBe(false)
  mailboxes.release(busy)
  expect(has(mailboxes, busy)).toBe(true)
})
