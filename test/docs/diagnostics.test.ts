import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { files, root } from '../../scripts/workspace/files.mjs'
import { tableRowsOf } from './markdown.js'

const page = readFileSync(join(root, 'docs/reference/diagnostics.md'), 'utf8')

it('docs/reference/diagnostics.md has every channel of the sources, and no other', () => {
  const channels = files(/^packages\/[^/]+\/src\/.*\.ts$/).flatMap(path =>
    Array.from(
      readFileSync(join(root, path), 'utf8').matchAll(/\bchannel\('([^']+)'\)/g),
      match => match[1]!,
    ),
  )
  const documented = tableRowsOf(page)
    .map(row => row[0]!.replaceAll('`', ''))
    .filter(name => name.startsWith('hindcast:'))
  expect(channels.length).toBeGreaterThanOrEqual(7)
  for (const name of channels) expect(name).toMatch(/^hindcast:[a-z]+:[a-z-]+$/)
  expect(documented.toSorted()).toEqual(channels.toSorted())
})
