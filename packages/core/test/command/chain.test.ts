import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Chain, type Link } from '../../src/command/chain.js'

class Member implements Link<Member> {
  before: Member | undefined
  after: Member | undefined
}

it('a chain holds who came and has not left, in the order of their coming, as a Set does', () => {
  const steps = fc.array(fc.record({ member: fc.nat(9), leaves: fc.boolean() }), { maxLength: 200 })
  fc.assert(
    fc.property(steps, all => {
      const members = Array.from({ length: 10 }, () => new Member())
      const chain = new Chain<Member>()
      const expected = new Set<Member>()
      for (const { member, leaves } of all) {
        const one = members[member]!
        if (leaves) chain.remove(one)
        else if (!expected.has(one)) chain.add(one)
        if (leaves) expected.delete(one)
        else expected.add(one)
        expect([...chain]).toEqual([...expected])
        expect(chain.last).toBe([...expected].at(-1))
      }
      for (const one of members)
        if (!expected.has(one)) expect([one.before, one.after]).toEqual([undefined, undefined])
    }),
  )
})

it('the member that was given last may leave while others are looked at', () => {
  const members = Array.from({ length: 4 }, () => new Member())
  const chain = new Chain<Member>()
  for (const member of members) chain.add(member)
  const seen: Member[] = []
  for (const member of chain) {
    seen.push(member)
    chain.remove(member)
  }
  expect(seen).toEqual(members)
  expect(chain.first).toBeUndefined()
})
