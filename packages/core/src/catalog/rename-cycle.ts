/**
 * The names on the way from a name by way of one of its former names back to itself, in order; undefined when it does not
 * lead back.
 *
 * @internal
 */
export function renameCycle(
  name: string,
  old: string,
  formerNames: (name: string) => Iterable<string>,
): readonly string[] | undefined {
  const seen = new Set<string>()
  const back = (at: string, way: readonly string[]): readonly string[] | undefined => {
    if (at === name) return way
    if (seen.has(at)) return undefined
    seen.add(at)
    for (const next of formerNames(at)) {
      const found = back(next, [...way, at])
      if (found) return found
    }
    return undefined
  }
  return back(old, [name])
}
