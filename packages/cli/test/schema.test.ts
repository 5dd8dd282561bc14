import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Workplace } from './workplace.js'

const CONFIG = (compatibility: string) => `
import { defineConfig } from 'hindcast'
import { Notes } from './notes.js'

export default defineConfig({ aggregates: [Notes], schema: { compatibility: '${compatibility}' } })
`
const APP = (fields: string) => `
import { Aggregate, AggregateRoot, Apply, Event } from '@hindcast/core'
import { IsInt, IsOptional, IsString } from 'class-validator'

export class Written extends Event('note.written') {
  ${fields}
}
@Aggregate('notes')
export class Notes extends AggregateRoot<Written> {
  @Apply(Written) onWritten() {}
}
`

async function workplace(fields: string, compatibility = 'backward'): Promise<Workplace> {
  const place = await Workplace.make()
  await place.write('notes.ts', APP(fields))
  await place.write('hindcast.config.ts', CONFIG(compatibility))
  return place
}

describe('hindcast schema', () => {
  it('finds what is not recorded; after accept there is nothing to find', async () => {
    await using place = await workplace('@IsString() text!: string')
    const first = await place.hindcast('schema', 'check')
    expect(first).toMatchObject({ code: 3, stderr: '' })
    expect(first.stdout).toMatch(
      /^unrecorded {3}"note\.written" version 1 is a new event, .* run hindcast schema accept/,
    )
    expect(await place.hindcast('schema', 'accept')).toMatchObject({
      code: 0,
      stdout: first.stdout,
      stderr: 'hindcast.schema.json is written; commit it\n',
    })
    const lock = await readFile(join(place.folder, 'hindcast.schema.json'), 'utf8')
    expect(JSON.parse(lock)).toMatchObject({ format: 1, events: { 'note.written': { 1: {} } } })
    expect(await place.hindcast('schema', 'check')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'the events of the app (1) are as hindcast.schema.json has them\n',
    })
    expect(await place.hindcast('--json', 'schema', 'accept')).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('fails with the field and the reason, and accept does not wave it through', async () => {
    await using place = await workplace('@IsString() text!: string', 'full')
    await place.hindcast('schema', 'accept')
    await place.write('notes.ts', APP('@IsInt() text!: number'))
    const { code, stdout } = await place.hindcast('--json', 'schema', 'check')
    expect(code).toBe(3)
    expect(
      stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as object),
    ).toMatchObject([
      { kind: 'breaks', event: 'note.written', version: 1, direction: 'backward', path: 'text' },
      { kind: 'breaks', event: 'note.written', version: 1, direction: 'forward', path: 'text' },
    ])
    const refused = await place.hindcast('schema', 'accept')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/^HC_SCHEMA_BREAK 2 things are wrong/)
    expect(await place.hindcast('schema', 'accept', '--break', 'note.written')).toMatchObject({ code: 0 })
    expect(await place.hindcast('schema', 'check')).toMatchObject({ code: 0 })
  })

  it('finds what was taken out of the lock by hand, compared with the lock of the branch before', async () => {
    await using place = await workplace('@IsString() text!: string')
    await place.hindcast('schema', 'accept')
    const lock = join(place.folder, 'hindcast.schema.json')
    await copyFile(lock, join(place.folder, 'base.json'))
    const check = (base: string) => place.hindcast('schema', 'check', '--base', base)
    expect(await check('base.json')).toMatchObject({ code: 0, stdout: '' })
    await place.write('hindcast.schema.json', '{ "format": 1, "events": {} }')
    await place.write('notes.ts', APP('@IsInt() text!: number'))
    await place.hindcast('schema', 'accept')
    expect(await place.hindcast('schema', 'check')).toMatchObject({ code: 0 })
    const found = await check('base.json')
    expect(found.code).toBe(3)
    expect(found.stdout).toMatch(/^lost {9}"note\.written" version 1: the lock of before has 1 schema of it/)
    const none = await check('nowhere.json')
    expect(none).toMatchObject({ code: 1, stdout: '' })
    expect(none.stderr).toMatch(/^HC_SCHEMA_LOCK nowhere\.json cannot be used: it cannot be read/)
  })

  it('notes fields that nothing is said about', async () => {
    await using place = await workplace('@IsString() text!: string; page!: number')
    const { stderr } = await place.hindcast('schema', 'check')
    expect(stderr).toContain('"note.written": no rule and no @Field says what page may be')
  })

  it('refuses a lock that was changed by hand', async () => {
    await using place = await workplace('@IsString() text!: string')
    await place.hindcast('schema', 'accept')
    const file = join(place.folder, 'hindcast.schema.json')
    await place.write('hindcast.schema.json', (await readFile(file, 'utf8')).replace('"string"', '"null"'))
    for (const verb of ['check', 'accept']) {
      const { code, stderr } = await place.hindcast('schema', verb)
      expect(code).toBe(1)
      expect(stderr).toMatch(/^HC_SCHEMA_LOCK .*changed by hand: the checksum of "note\.written" version 1/)
    }
  })
})
