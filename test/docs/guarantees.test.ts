import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/workspace/files.mjs'
import { linksOf } from './markdown.js'

const page = readFileSync(join(root, 'docs/guarantees.md'), 'utf8')
const promises = page
  .slice(0, page.indexOf('## Not promised'))
  .split(/^- /m)
  .slice(1)
  .map(text => ({
    promise: text.split('Proof:')[0]!.replaceAll(/\s+/g, ' ').trim(),
    proofs: linksOf(text),
  }))

describe('docs/guarantees.md', () => {
  it('makes promises', () => {
    expect(promises.length).toBeGreaterThanOrEqual(25)
  })

  it.each(promises)('names tests that exist for: $promise', ({ proofs }) => {
    expect(proofs.length).toBeGreaterThan(0)
    for (const { text, target } of proofs) {
      expect(target).toMatch(/\.test(-d)?\.ts$|contract\/clauses\/[\w-]+\.ts$/)
      const file = join(root, 'docs', target)
      expect(existsSync(file), target).toBe(true)
      expect(hasTest(readFileSync(file, 'utf8'), text), `"${text}" in ${target}`).toBe(true)
    }
  })
})

/** True when a test or clause of that name stands in the source. */
function hasTest(source: string, name: string): boolean {
  const quoted = name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return new RegExp(
    `\\b(?:it|clause|sharedClause|clauseWith)(?:\\.\\w+(?:\\([^)]*\\))?)?\\(\\s*(?:'[^']*', )?(['"\`])${quoted}\\1`,
  ).test(source)
}
