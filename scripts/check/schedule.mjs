/**
 * @template T
 * @typedef {{ name: string, after: readonly string[], value: T }} Settled
 */

/**
 * Runs steps as soon as those they come after have ended, at most `width` at once.
 *
 * @template T
 * @param {ReadonlyArray<{ name: string, after: readonly string[] }>} steps
 * @param {number} width
 * @param {(name: string) => Promise<T>} start
 * @returns {Promise<Map<string, T>>}
 */
export async function schedule(steps, width, start) {
  /** @type {Map<string, T>} */
  const ended = new Map()
  /** @type {Map<string, Promise<string>>} */
  const running = new Map()
  const waiting = [...steps]
  while (waiting.length > 0 || running.size > 0) {
    while (running.size < width) {
      const index = waiting.findIndex(({ after }) => after.every(name => ended.has(name)))
      if (index < 0) break
      const [next] = waiting.splice(index, 1)
      if (!next) break
      const { name } = next
      running.set(
        name,
        start(name).then(value => (ended.set(name, value), name)),
      )
    }
    if (running.size === 0)
      throw new Error(`these steps wait for one another: ${waiting.map(step => step.name).join(', ')}`)
    running.delete(await Promise.race(running.values()))
  }
  return ended
}

/**
 * The named steps and all that they come after; all steps when none is named.
 *
 * @template {{ name: string, after: readonly string[] }} S
 * @param {readonly S[]} steps
 * @param {readonly string[]} names
 * @returns {S[]}
 */
export function select(steps, names) {
  const known = new Set(steps.map(step => step.name))
  const unknown = names.filter(name => !known.has(name))
  if (unknown.length > 0)
    throw new Error(`no such step: ${unknown.join(', ')}. The steps are ${[...known].join(', ')}`)
  if (names.length === 0) return [...steps]
  const wanted = new Set(names)
  for (const step of steps.toReversed())
    if (wanted.has(step.name)) for (const name of step.after) wanted.add(name)
  return steps.filter(step => wanted.has(step.name))
}
