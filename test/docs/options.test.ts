import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { files, root } from '../../scripts/workspace/files.mjs'
import { tableRowsOf } from './markdown.js'
import { membersOf } from './sources.js'

const sources = files(/^packages\/[^/]+\/src\/.*\.ts$/)
  .map(path => readFileSync(join(root, path), 'utf8'))
  .join('\n')

/** The sections of the page that name an interface in their heading, and the options in the first table of each. */
const sections = readFileSync(join(root, 'docs/reference/options.md'), 'utf8')
  .split(/^## /m)
  .slice(1)
  .flatMap(section => {
    const name = /\((\w+)\)$/.exec(section.split('\n', 1)[0]!)?.[1]
    const [table = ''] = /(?:^\|.*\n)+/m.exec(section) ?? []
    const options = tableRowsOf(table).map(row => row[0]!.replaceAll('`', ''))
    return name === undefined ? [] : [[name, options] as const]
  })

describe('docs/reference/options.md', () => {
  it('has the options of every interface that a user fills in', () => {
    expect(sections.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'StartOptions',
        'ExecuteOptions',
        'AggregateOptions',
        'EventOptions',
        'LmdbOptions',
        'KafkaOptions',
        'PostgresOptions',
        'RowProjectionOptions',
        'SqlProjectionOptions',
        'FoldOptions',
        'ColumnOptions',
        'RetryOptions',
        'ParkedOptions',
        'RebuildOptions',
        'CopyOptions',
        'RollbackOptions',
        'ReleaseOptions',
        'BuildOptions',
        'ReadOptions',
        'SourceOptions',
        'ExportOptions',
        'ImportOptions',
        'SchemaOptions',
        'GoldenOptions',
      ]),
    )
  })

  it.each(sections)('has every option of %s, and no other', (name, options) => {
    expect(options.length).toBeGreaterThan(0)
    expect([...options].toSorted()).toEqual([...membersOf(sources, name)].toSorted())
  })
})
