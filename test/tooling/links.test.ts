import { describe, expect, it } from 'vitest'
import { brokenLinks } from '../../scripts/links/broken-links.mjs'

const tree: Record<string, string> = {
  'docs/guarantees.md': '# Guarantees\n\n## Nothing is lost\n',
  'docs/adr': '',
}

const check = (text: string) => brokenLinks('docs/README.md', text, path => tree[path])

describe('the check of links', () => {
  it('follows links to files, folders and headings', () => {
    const text =
      '# Index\n[a](guarantees.md#nothing-is-lost) [b](adr/) [c](#index) [d](https://example.org/gone)'
    expect(check(text)).toEqual({ links: 3, broken: [] })
  })

  it('finds links that lead nowhere, with their line', () => {
    expect(check('\n[a](gone.md)\n[b](guarantees.md#all-is-lost)').broken).toEqual([
      { line: 2, target: 'gone.md', why: 'there is no such file' },
      { line: 3, target: 'guarantees.md#all-is-lost', why: 'there is no such heading' },
    ])
  })

  it('takes no code for a link', () => {
    expect(check('`[a](gone.md)`\n```ts\nconst x = y[0](gone)\n```\n')).toEqual({ links: 0, broken: [] })
  })
})
