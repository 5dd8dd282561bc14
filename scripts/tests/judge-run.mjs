/**
 * @typedef {{ name: string, file: string, state: 'passed' | 'failed' | 'skipped' | 'pending' }} Outcome
 * @typedef {{
 *   outcomes: readonly Outcome[], ran: readonly string[], broken: readonly string[], expected: readonly string[],
 *   unserved: readonly { file: string, server: string }[], filtered: boolean, ci: boolean,
 * }} Run `ran`, `broken` (they did not load), `expected` and `unserved` (they need a server, and there was none) are test
 *   files; a filtered run was asked to leave some out
 */

/**
 * Says whether a run of the tests proves what a green run claims: something ran, nothing was left out in silence.
 * On a developer's machine a skipped test is shown in capitals; in CI it is a failure.
 *
 * @param {Run} run
 * @returns {{ ok: boolean, remarks: string[], summary: string, lastLine: string | undefined }}
 */
export function judgeRun({ outcomes, ran, broken, expected, unserved, filtered, ci }) {
  const passed = outcomes.filter(({ state }) => state === 'passed')
  const failed = outcomes.filter(({ state }) => state === 'failed')
  const skipped = outcomes.filter(({ state }) => state === 'skipped' || state === 'pending')
  const unseen = filtered ? [] : expected.filter(file => !ran.includes(file))
  const silent = ran.filter(
    file => !broken.includes(file) && !outcomes.some(outcome => outcome.file === file),
  )
  const faults = [
    ...unseen.map(file => `NOT RUN: ${file} is a test file that vitest did not see`),
    ...broken.map(file => `BROKEN: ${file} could not be loaded`),
    ...silent.map(file => `EMPTY: ${file} has no test`),
    ...(passed.length === 0 ? ['NOTHING RAN: no test passed'] : []),
  ]
  const left = skipped
    .filter(({ file }) => !filtered && !unserved.some(other => other.file === file))
    .map(({ name, file }) => `SKIPPED: ${file} ${name}`)
  const typeTests = ran.filter(file => file.endsWith('.test-d.ts')).length
  return {
    ok: failed.length + faults.length === 0 && (left.length + unserved.length === 0 || !ci),
    remarks: [...left, ...faults],
    summary:
      `${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped ` +
      `in ${ran.length - typeTests} test files and ${typeTests} type test files`,
    lastLine: lastLine(unserved.map(({ server }) => server)),
  }
}

/** @param {readonly string[]} servers the one that was missing, once a suite */
function lastLine(servers) {
  const lines = [...new Set(servers)].map(
    server => `${server} suites NOT RUN: ${servers.filter(other => other === server).length}`,
  )
  return lines.length > 0 ? lines.join(', ') : undefined
}
