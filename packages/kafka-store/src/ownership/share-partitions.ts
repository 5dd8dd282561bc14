/** A member of a group, and what it works on now. */
export interface Claim {
  readonly member: string
  readonly owned: readonly number[]
}

/**
 * Shares partitions evenly, moving as few as possible. A partition that somebody else still works on is given to nobody: its
 * owner sees that it is to give it up, does so, and joins again, and then it is free (incremental rebalancing, KIP-429).
 *
 * Laws: no partition is given to two members; none is given that another member claims; once nobody claims what is not
 * theirs, every partition is given and the shares differ by at most one.
 */
export function sharePartitions(claims: readonly Claim[], partitions: number): Map<string, number[]> {
  const claimants = claimantsOf(claims, partitions)
  const targets = targetsOf(claims, claimants, partitions)
  return new Map(
    targets.map(({ member, target }) => [
      member,
      target.filter(partition => claimants[partition]!.every(other => other === member)),
    ]),
  )
}

function claimantsOf(claims: readonly Claim[], partitions: number): string[][] {
  const claimants: string[][] = Array.from({ length: partitions }, () => [])
  for (const { member, owned } of claims)
    for (const partition of new Set(owned)) claimants[partition]?.push(member)
  return claimants
}

/** What each member is to have in the end. */
function targetsOf(
  claims: readonly Claim[],
  claimants: readonly (readonly string[])[],
  partitions: number,
): { member: string; target: number[] }[] {
  const mine = ({ member }: Claim): number[] =>
    [...claimants.keys()].filter(
      partition => claimants[partition]!.length === 1 && claimants[partition]![0] === member,
    )
  // Who has most keeps the odd ones.
  const byOwned = claims
    .map(claim => ({ member: claim.member, kept: mine(claim) }))
    .toSorted((a, b) => b.kept.length - a.kept.length || (a.member < b.member ? -1 : 1))
  const base = Math.floor(partitions / byOwned.length)
  const odd = partitions % byOwned.length
  const shares = byOwned.map(({ member, kept }, i) => {
    const share = i < odd ? base + 1 : base
    return { member, share, target: kept.slice(0, share) }
  })
  const taken = new Set(shares.flatMap(({ target }) => target))
  const free = [...claimants.keys()].filter(partition => !taken.has(partition))
  for (const { share, target } of shares) target.push(...free.splice(0, share - target.length))
  return shares
}
