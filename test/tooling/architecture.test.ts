import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rooms } from '../../scripts/boundaries/rooms.mjs'
import { packagesIn } from '../../scripts/workspace/packages.mjs'
import { files, root } from '../../scripts/workspace/files.mjs'

const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')

const words = (cell: string | undefined) =>
  Array.from(cell?.matchAll(/`([^`]+)`/g) ?? [], ([, word = '']) => word)

/** The rows of the table whose heading starts with this cell. */
function table(first: string): string[][] {
  const rows = page.split('\n').map(line => line.split('|').map(cell => cell.trim()))
  const head = rows.findIndex(([, cell]) => cell === first)
  const end = rows.findIndex((row, index) => index > head && row.length < 2)
  return rows.slice(head + 2, end).map(row => row.slice(1, -1))
}

describe('ARCHITECTURE.md', () => {
  it('shows the table of rooms that is checked', () => {
    const shown = table('room').map(([cell, , mayImport, outside]) => {
      const [room, name] = words(cell)
      return [room, { ...(name && { name }), mayImport: words(mayImport), outside: words(outside) }]
    })
    expect(Object.fromEntries(shown)).toEqual(rooms)
  })

  it('has a row for every package', () => {
    const packages = packagesIn('packages').map(({ folder }) => folder.replace(/^packages\//, ''))
    expect(Object.keys(rooms).toSorted()).toEqual(packages)
  })

  it('names every folder of core, and no other', () => {
    const folders = files(/^packages\/core\/src\/[^/]+\//).map(path => path.split('/')[3] ?? '')
    expect(
      table('folder')
        .flatMap(([folder]) => words(folder))
        .toSorted(),
    ).toEqual([...new Set(folders)].toSorted())
  })
})
