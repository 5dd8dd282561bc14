import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { files, root } from '../../scripts/workspace/files.mjs'
import { tableRowsOf } from './markdown.js'
import { membersOf } from './sources.js'

const sources = files(/^packages\/core\/src\/.*\.ts$/)
  .map(path => readFileSync(join(root, path), 'utf8'))
  .join('\n')
const page = readFileSync(join(root, 'docs/reference/projections.md'), 'utf8')

/** What the first column of each table names, by the section's heading. */
const named = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map(section => [
      section.split('\n', 1)[0]!,
      tableRowsOf(section).flatMap(row => row[0]!.replaceAll('`', '').split(', ')),
    ]),
)

/** The names of a union of texts, without those that it takes from another one. */
function namesOf(union: string): readonly string[] {
  const [, members = ''] = new RegExp(`^export type ${union} = (.*)$`, 'm').exec(sources) ?? []
  return Array.from(members.matchAll(/'([\w-]+)'/g), match => match[1]!)
}

describe('docs/reference/projections.md', () => {
  it.each([
    ['app.health() (AppHealth)', ['AppHealth']],
    ['Each projection in each partition (ProjectionHealth)', ['ProjectionHealth']],
    ['app.parked(Projection).list() (ParkedEvent)', ['ParkedEvent']],
    ['app.parked(Projection).passed() (PassedEvent)', ['PassedEvent']],
    ['What retry and drop answer (ParkedAnswer)', ['RequestOutcome', 'ParkedAnswer']],
  ])('has every field under "%s", and no other', (heading, interfaces) => {
    const members = interfaces.flatMap(name => membersOf(sources, name))
    expect(members.length).toBeGreaterThan(0)
    expect(named.get(heading)!.toSorted()).toEqual(members.toSorted())
  })

  it('has every state, and no other', () => {
    const states = [...namesOf('OwnerState'), ...namesOf('WorkerState')]
    expect(states.length).toBeGreaterThan(5)
    expect(named.get('States')).toEqual(states)
  })

  it('has every type of a column', () => {
    const body = /^export interface ColumnTypes \{\n([\s\S]*?)^\}/m.exec(sources)![1]!
    const types = Array.from(body.matchAll(/^ {2}readonly '?([a-z ]+)'?:/gm), match => match[1]!)
    expect(types.length).toBeGreaterThan(5)
    expect(named.get('Values in SQL')!.toSorted()).toEqual(types.toSorted())
  })
})
