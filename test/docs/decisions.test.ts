import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { files, root } from '../../scripts/workspace/files.mjs'

const records = files(/^docs\/adr\/\d{4}-.*\.md$/)

/** The number that a record has, by its file. */
const numberOf = (path: string): string => path.split('/').at(-1)!.slice(0, 4)

describe('decision records', () => {
  it('are there', () => {
    expect(records.length).toBeGreaterThan(10)
  })

  it('have a number each, which no other one has', () => {
    expect(new Set(records.map(numberOf)).size, records.join('\n')).toBe(records.length)
  })

  it.each(records)('%s begins with its number', path => {
    expect(readFileSync(join(root, path), 'utf8')).toMatch(new RegExp(`^# ${numberOf(path)}\\. `))
  })
})
