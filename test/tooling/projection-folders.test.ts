import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../packages/core/src/projection/', import.meta.url)

/** The folders of core's projections, in the order of the table in ARCHITECTURE.md. */
const table = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8')
  .split('| in `projection`')[1]!
  .split('\n\n')[0]!
const folders = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!)

it('names every folder of core/src/projection, and no file lies beside them', () => {
  expect(readdirSync(root).toSorted()).toEqual(folders.toSorted())
})

it.each(folders)('imports into projection/%s come from folders above it', folder => {
  const at = new URL(`${folder}/`, root)
  const texts = readdirSync(at).map(file => readFileSync(new URL(file, at), 'utf8'))
  const imported = texts.flatMap(text =>
    [...text.matchAll(/from '\.\.\/(\w+)\//g)].map(([, other]) => other!),
  )
  const above = folders.slice(0, folders.indexOf(folder))
  expect(imported.filter(other => !above.includes(other))).toEqual([])
})
