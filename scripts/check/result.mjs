/**
 * What a step of the check reports: how much it looked at, by kind, and what is wrong.
 *
 * @typedef {{ saw: Record<string, number>, problems: string[] }} StepResult
 */

/**
 * A step that looked at nothing proves nothing: a count of 0 is a problem of its own.
 *
 * @param {StepResult} result
 * @returns {StepResult}
 */
export function refuseBlindness({ saw, problems }) {
  const kinds = Object.entries(saw)
  const blind = kinds
    .filter(([, count]) => count === 0)
    .map(([kind]) => `saw 0 ${kind}: the check is looking at nothing`)
  if (kinds.length === 0) blind.push('does not say what it saw')
  return { saw, problems: [...blind, ...problems] }
}
