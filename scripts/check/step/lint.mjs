import { tool } from '../../workspace/command.mjs'

/**
 * @typedef {{ message: string, code?: string, severity: string, filename?: string,
 *   labels: Array<{ span: { line: number, column: number } }> }} Diagnostic
 */

/**
 * oxlint with the rules of .oxlintrc.json, those that need types included.
 *
 * @returns {Promise<import('../result.mjs').StepResult>}
 */
export async function run() {
  const args = ['--type-aware', '--deny-warnings', '--report-unused-disable-directives', '--format', 'json']
  const { code, stdout, stderr } = await tool('oxlint', args)
  if (!stdout.startsWith('{')) return { saw: {}, problems: [stdout + stderr] }
  const report = JSON.parse(stdout)
  /** @type {Diagnostic[]} */
  const diagnostics = report.diagnostics
  const problems = diagnostics.map(describe)
  if (code !== 0 && problems.length === 0) problems.push(`oxlint ended with code ${code}: ${stderr}`)
  return { saw: { files: report.number_of_files, rules: report.number_of_rules }, problems }
}

/** @param {Diagnostic} diagnostic */
function describe({ filename = '', labels, code = '', message }) {
  const span = labels[0]?.span
  return `${filename}${span ? `:${span.line}:${span.column}` : ''} ${code} ${message}`
}
