import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/workspace/files.mjs'
import { linksOf } from './markdown.js'

const pages = [
  { page: 'docs/guarantees.md', upTo: '## Not promised', least: 30 },
  {
    page: 'docs/explanation/rebuild.md',
    from: '## What happens when',
    upTo: '## What a roll-back needs',
    least: 10,
  },
]

describe.each(pages)('$page', ({ page, from = '', upTo, least }) => {
  const text = readFileSync(join(root, page), 'utf8')
  const promises = text
    .slice(text.indexOf(from), text.indexOf(upTo))
    .split(/^- /m)
    .slice(1)
    .map(each => ({
      promise: each.split('Proof:')[0]!.replaceAll(/\s+/g, ' ').trim(),
      proofs: linksOf(each.slice(each.indexOf('Proof:'))),
    }))

  it('makes promises', () => {
    expect(promises.length).toBeGreaterThanOrEqual(least)
  })

  it.each(promises)('names tests that exist for: $promise', ({ proofs }) => {
    expect(proofs.length).toBeGreaterThan(0)
    for (const { text: name, target } of proofs) {
      expect(target).toMatch(/\.test(-d)?\.ts$|contract\/clauses\/[\w-]+\.ts$/)
      const file = join(root, dirname(page), target)
      expect(existsSync(file), target).toBe(true)
      expect(hasTest(readFileSync(file, 'utf8'), name), `"${name}" in ${target}`).toBe(true)
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
