import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { files, root } from '../../scripts/workspace/files.mjs'
import { tableRowsOf } from './markdown.js'
import { codesIn, errorClassesIn } from './sources.js'

const PAGE = 'docs/reference/errors.md'

const sources = files(/^packages\/[^/]+\/src\/.*\.ts$/).map(path => readFileSync(join(root, path), 'utf8'))
const classes = sources.flatMap(errorClassesIn)
const classesOf = (code: string) => classes.filter(error => error.codes.includes(code))
/** A code may have a class in each of several packages; a code without one is that of a process warning. */
const declared = [...new Set(sources.flatMap(codesIn))].map(code => ({
  code,
  name:
    classesOf(code)
      .map(error => error.name)
      .toSorted()
      .join(', ') || 'process warning',
  repeat: classesOf(code).some(error => error.retryable) ? 'yes' : 'no',
}))
const documented = tableRowsOf(readFileSync(join(root, PAGE), 'utf8')).map(row => ({
  code: row[0]!.replaceAll('`', ''),
  name: row[1]!.replaceAll('`', ''),
  repeat: row[4]!,
}))
const byCode = (a: { readonly code: string }, b: { readonly code: string }): number =>
  a.code < b.code ? -1 : 1

describe('docs/reference/errors.md', () => {
  it('has every code of the sources with its class and whether to repeat, and no other', () => {
    expect(declared.length).toBeGreaterThan(50)
    expect(documented.toSorted(byCode)).toEqual(declared.toSorted(byCode))
  })

  it('is right about whether to repeat for every class of a code', () => {
    for (const { code } of declared)
      expect(new Set(classesOf(code).map(error => error.retryable)).size, code).toBeLessThanOrEqual(1)
  })

  it('is what every other page means when it names a code', () => {
    const named = files(/^(docs|packages)\/.*\.md$|^[A-Z]+\.md$/)
      .filter(path => path !== PAGE && !path.endsWith('.api.md'))
      .flatMap(path => readFileSync(join(root, path), 'utf8').match(/\bHC_[A-Z0-9_]*[A-Z0-9]\b/g) ?? [])
    const codes = new Set(documented.map(row => row.code))
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter(code => !codes.has(code))).toEqual([])
  })

  it('agrees with the table of HTTP statuses on what may be repeated', () => {
    const [table = ''] = readFileSync(join(root, 'docs/how-to/serve-http.md'), 'utf8')
      .split('## Which status')
      .slice(1)
    const statuses = tableRowsOf(table).flatMap(row =>
      Array.from(row[1]!.matchAll(/HC_[A-Z0-9_]+/g), ([code]) => ({ code, status: row[2]! })),
    )
    expect(statuses.length).toBeGreaterThan(10)
    for (const { code, status } of statuses)
      expect(/(?<!no )`Retry-After`/.test(status), code).toBe(
        documented.find(row => row.code === code)?.repeat === 'yes',
      )
  })

  it('has every code once, and says when it comes and what to do', () => {
    expect(new Set(documented.map(row => row.code)).size).toBe(documented.length)
    for (const row of tableRowsOf(readFileSync(join(root, PAGE), 'utf8')))
      expect(
        row.slice(2, 4).map(cell => cell.length > 5),
        row[0]!,
      ).toEqual([true, true])
  })
})

describe('reading error classes from sources', () => {
  it('finds name, codes and whether to repeat', () => {
    const source = [
      `type Code = 'HC_A' | 'HC_B'`,
      `export class OneError extends HindcastError<'HC_A'> {`,
      `  constructor() { super('HC_A', '', {}, { retryable: true }) }`,
      `}`,
      `export abstract class Base extends HindcastError<Code> {}`,
      `export class TwoError extends Base {`,
      `  constructor() { super('HC_B') }`,
      `}`,
    ].join('\n')
    expect(errorClassesIn(source)).toEqual([
      { name: 'OneError', codes: ['HC_A'], retryable: true },
      { name: 'TwoError', codes: ['HC_B'], retryable: false },
    ])
    expect(codesIn(source)).toHaveLength(5)
  })
})
