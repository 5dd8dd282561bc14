/** What the read models say. */
export interface Found {
  /** Of each counter, how often it counted and which numbers it had, in order. */
  readonly tally: readonly {
    readonly id: string
    readonly count: bigint
    readonly numbers: readonly number[]
  }[]
  /** How often all counters counted; undefined without a row. */
  readonly total: bigint | undefined
  /** One for each event, in any order. */
  readonly entries: readonly { readonly counter: string; readonly n: number }[]
}

/**
 * Compares read models with what was acknowledged.
 *
 * @param acknowledged - how often each counter counted
 * @returns what is lost, doubled, out of order or invented, a sentence each; none when all is well
 */
export function defectsOf(acknowledged: ReadonlyMap<string, number>, found: Found): readonly string[] {
  const defects: string[] = []
  for (const { id } of found.tally) if (!acknowledged.has(id)) defects.push(`tally: ${id} never counted`)
  for (const [id, times] of acknowledged) {
    const row = found.tally.find(each => each.id === id)
    const numbers = row?.numbers ?? []
    defects.push(...compared(`tally: ${id}`, times, numbers))
    if (numbers.some((n, index) => index > 0 && n <= numbers[index - 1]!))
      defects.push(`tally: ${id} is out of order: ${numbers.join(' ')}`)
    if (row && row.count !== BigInt(times)) defects.push(`tally: ${id} counts ${row.count}, not ${times}`)
    const entries = found.entries.filter(each => each.counter === id).map(({ n }) => n)
    defects.push(...compared(`entries: ${id}`, times, entries))
  }
  for (const { counter } of found.entries)
    if (!acknowledged.has(counter)) defects.push(`entries: ${counter} never counted`)
  const all = [...acknowledged.values()].reduce((sum, times) => sum + times, 0)
  if ((found.total ?? 0n) !== BigInt(all)) defects.push(`totals: ${found.total ?? 0n} of ${all}`)
  return defects
}

/** Each of 1 to `times` once. */
function compared(what: string, times: number, numbers: readonly number[]): readonly string[] {
  const defects: string[] = []
  for (let n = 1; n <= times; n++) {
    const seen = numbers.filter(each => each === n).length
    if (seen === 0) defects.push(`${what} has lost ${n}`)
    if (seen > 1) defects.push(`${what} has ${n} ${seen} times`)
  }
  for (const n of numbers) if (n < 1 || n > times) defects.push(`${what} has ${n} that was never counted`)
  return defects
}
