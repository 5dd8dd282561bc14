/** What both sides came to, turn by turn. */
export interface Turns<T> {
  readonly ours: readonly T[]
  readonly baseline: readonly T[]
}

/**
 * Measures two sides in turns, A B, B A, A B …, so that what drifts (the disk, the neighbours, the temperature) drifts for
 * both. One turn of each comes before and does not count.
 */
export async function inTurns<T>(
  rounds: number,
  ours: () => Promise<T>,
  baseline: () => Promise<T>,
): Promise<Turns<T>> {
  await ours()
  await baseline()
  const results: { ours: T[]; baseline: T[] } = { ours: [], baseline: [] }
  for (let round = 0; round < rounds; round++) {
    const oursFirst = round % 2 === 0
    if (oursFirst) results.ours.push(await ours())
    results.baseline.push(await baseline())
    if (!oursFirst) results.ours.push(await ours())
  }
  return results
}
