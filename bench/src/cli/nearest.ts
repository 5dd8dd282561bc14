/** The name that was probably meant: the one with the fewest letters to change, if they are few. */
export function nearest(meant: string, names: readonly string[]): string | undefined {
  const distances = names.map(name => ({ name, distance: editDistance(meant, name) }))
  distances.sort((a, b) => a.distance - b.distance)
  const best = distances[0]
  return best && best.distance <= Math.max(2, Math.floor(best.name.length / 2)) ? best.name : undefined
}

/** Levenshtein's distance: how many letters to add, drop or change. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)))
    row = next
  }
  return row[to.length]!
}
