import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharePartitions, type Claim } from '../src/ownership/share-partitions.js'

const groups = fc
  .record({ partitions: fc.integer({ min: 1, max: 40 }), members: fc.integer({ min: 1, max: 8 }) })
  .chain(({ partitions, members }) => {
    const owned = fc.array(fc.integer({ min: 0, max: partitions - 1 }), { maxLength: partitions })
    const claims = fc.array(owned, { minLength: members, maxLength: members })
    return fc.record({
      partitions: fc.constant(partitions),
      claims: claims.map(all => all.map((list, i): Claim => ({ member: `m${i}`, owned: list }))),
    })
  })

/** Everybody lets go of what is not given, and joins again. */
function nextRound(claims: readonly Claim[], partitions: number): Claim[] {
  return [...sharePartitions(claims, partitions)].map(([member, owned]) => ({ member, owned }))
}

describe('sharing partitions', () => {
  it('gives none to two members, and none that another one still works on', () => {
    fc.assert(
      fc.property(groups, ({ claims, partitions }) => {
        const shares = sharePartitions(claims, partitions)
        const given = [...shares.values()].flat()
        expect(new Set(given).size).toBe(given.length)
        for (const { member, owned } of claims)
          for (const partition of owned)
            for (const [other, share] of shares) if (other !== member) expect(share).not.toContain(partition)
      }),
    )
  })

  it('gives every partition within three rounds, evenly, whatever was claimed', () => {
    fc.assert(
      fc.property(groups, ({ claims, partitions }) => {
        let now: readonly Claim[] = claims
        for (let round = 0; round < 3; round++) now = nextRound(now, partitions)
        const sizes = now.map(({ owned }) => owned.length)
        expect(now.flatMap(({ owned }) => owned).toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: partitions }, (_, i) => i),
        )
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        expect(nextRound(now, partitions)).toEqual(now)
      }),
    )
  })

  it('moves no more than evenness asks for when a member comes or goes', () => {
    fc.assert(
      fc.property(groups, fc.boolean(), ({ claims, partitions }, comes) => {
        let settled: readonly Claim[] = claims
        for (let round = 0; round < 3; round++) settled = nextRound(settled, partitions)
        const after = comes ? [...settled, { member: 'new', owned: [] }] : settled.slice(1)
        fc.pre(after.length > 0)
        const shares = sharePartitions(after, partitions)
        const largest = Math.ceil(partitions / after.length)
        for (const { member, owned } of after) {
          const kept = owned.filter(partition => shares.get(member)!.includes(partition))
          expect(kept.length).toBeGreaterThanOrEqual(
            Math.min(owned.length, comes ? Math.floor(partitions / after.length) : owned.length),
          )
          expect(kept.length).toBeLessThanOrEqual(largest)
        }
      }),
    )
  })

  it('is the same for every member that computes it', () => {
    fc.assert(
      fc.property(groups, ({ claims, partitions }) => {
        const share = (all: readonly Claim[]) => Object.fromEntries(sharePartitions(all, partitions))
        expect(share(claims.toReversed())).toEqual(share(claims))
      }),
    )
  })
})
