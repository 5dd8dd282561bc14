import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { files, root } from '../../scripts/workspace/files.mjs'
import { tableRowsOf } from './markdown.js'

it('docs/how-to/measure-and-break.md has every suite of the bench, and no other', () => {
  const suites = files(/^bench\/src\/suite\/[\w-]+\.ts$/).flatMap(path =>
    Array.from(
      readFileSync(join(root, path), 'utf8').matchAll(/^ {2}name: '([\w-]+)',$/gm),
      match => match[1]!,
    ),
  )
  const page = readFileSync(join(root, 'docs/how-to/measure-and-break.md'), 'utf8')
  expect(suites.length).toBeGreaterThanOrEqual(4)
  expect(
    tableRowsOf(page)
      .map(row => row[0]!.replaceAll('`', ''))
      .toSorted(),
  ).toEqual(suites.toSorted())
})
