import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { files, root } from '../../scripts/workspace/files.mjs'
import { followLinks } from './links.js'

const pages = files(/(?<!\.api)\.md$/)

function read(path: string): string | undefined {
  const file = join(root, path)
  if (!existsSync(file)) return undefined
  return statSync(file).isDirectory() ? '' : readFileSync(file, 'utf8')
}

describe('every relative link leads somewhere', () => {
  it.each(pages)('of %s', page => {
    expect(followLinks(page, read).broken).toEqual([])
  })

  it('and there are many', () => {
    expect(pages.length).toBeGreaterThan(25)
    expect(pages.reduce((sum, page) => sum + followLinks(page, read).seen, 0)).toBeGreaterThan(100)
  })
})

describe('docs/README.md', () => {
  const overview = readFileSync(join(root, 'docs/README.md'), 'utf8')
  const others = pages.filter(page => /^docs\/(?!README|adr\/)/.test(page))

  it('leads to every page of docs', () => {
    expect(others.length).toBeGreaterThan(40)
    expect(others.filter(page => !overview.includes(`](${page.replace('docs/', '')})`))).toEqual([])
  })
})

describe('following links', () => {
  const tree: Readonly<Record<string, string>> = {
    'docs/a.md':
      '# A\n\n[b](../b.md) [c](../b.md#part-two) [d](#a) [e](../docs/) [f](https://example.org)\n[over\nlines](../b.md)\n',
    'docs/bad.md': '[b](b.md)\n`[code](x.md)`\n[c](../b.md#part-three)\n',
    'b.md': '## Part two\n',
    docs: '',
  }

  it('finds files, folders and headings', () => {
    expect(followLinks('docs/a.md', path => tree[path])).toEqual({ seen: 5, broken: [] })
  })

  it('names what leads nowhere, with its line', () => {
    expect(followLinks('docs/bad.md', path => tree[path]).broken).toEqual([
      '1: b.md: there is no such file',
      '3: ../b.md#part-three: there is no such heading',
    ])
  })
})
