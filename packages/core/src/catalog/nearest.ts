/** Longer than any name; comparing takes time with the square of the length, and a foreign record may hold anything. */
const MAX_LENGTH = 200

/** The name most like a wrong one, if any is near: at most a third of its letters differ. @internal */
export function nearest(wrong: string, names: Iterable<string>): string | undefined {
  if (wrong.length > MAX_LENGTH) return undefined
  let best: string | undefined
  let least = Math.floor(wrong.length / 3) + 1
  for (const name of names) {
    const distance = editDistance(wrong, name)
    if (distance < least) {
      least = distance
      best = name
    }
  }
  return best
}

/** Levenshtein's distance, by rows. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
