import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  formatLock,
  parseLock,
  readLock,
  writeLock,
  type JsonSchema,
  type SchemaLock,
} from '@hindcast/evolution'

const text: JsonSchema = { type: ['object'], required: ['a'], properties: { a: { type: ['string'] } } }
const number: JsonSchema = { properties: { a: { type: ['number'], minimum: 1 } }, type: ['object'] }
const lock: SchemaLock = new Map([
  [
    'b.happened',
    [
      { version: 2, schemas: [number] },
      { version: 10, schemas: [text] },
      { version: 1, schemas: [text, number] },
    ],
  ],
  ['a.happened', [{ version: 1, schemas: [text] }]],
])
const written = formatLock(lock)
const edited = (from: string | RegExp, to: string): string => {
  const changed = written.replace(from, to)
  expect(changed).not.toBe(written)
  return changed
}
const reading = (file: string) => () => parseLock(file, 'the.lock')

describe('a lock file', () => {
  it('is sorted, and comes back as it was', () => {
    const events = (JSON.parse(written) as { events: Record<string, object> }).events
    expect(Object.keys(events)).toEqual(['a.happened', 'b.happened'])
    expect(Object.keys(events['b.happened']!)).toEqual(['1', '2', '10'])
    expect(
      parseLock(written, 'the.lock')
        .get('b.happened')!
        .map(({ version }) => version),
    ).toEqual([1, 2, 10])
    expect(formatLock(parseLock(written, 'the.lock'))).toBe(written)
  })

  it('may be laid out anew: white space and the order of fields do not count', () => {
    expect(formatLock(parseLock(JSON.stringify(JSON.parse(written)), 'the.lock'))).toBe(written)
  })

  it('changes in few lines where one version is added', () => {
    const more = formatLock(new Map([...lock, ['c.happened', [{ version: 1, schemas: [number] }]]]))
    const before = new Set(written.split('\n'))
    expect(written.split('\n').filter(line => !more.includes(line))).toEqual([])
    expect(more.split('\n').filter(line => !before.has(line)).length).toBeLessThan(6)
  })

  it.each([
    [
      'a field of a schema',
      edited('"minimum": 1', '"minimum": 0'),
      'the checksum of "b.happened" version 1 is',
    ],
    [
      'a version taken out between others',
      edited(/ {6}"2": \{[^]*?\n {6}\},\n/, ''),
      '"b.happened" version 10',
    ],
    ['a renumbered version', edited('"10": {', '"3": {'), '"b.happened" version 3'],
    [
      'an entry without schemas',
      edited(/"schemas": \[[^]*?\n {8}\]/, '"schemas": []'),
      '"a.happened" version 1 is no version of an event',
    ],
  ])('tells what was changed by hand: %s', (_, file, told) => {
    expect(reading(file)).toThrow(
      expect.objectContaining({ code: 'HC_SCHEMA_LOCK', message: expect.stringContaining(told) }),
    )
    expect(reading(file)).toThrow('Take the file from version control')
  })

  it.each([
    ['that is cut', written.slice(0, 100), /it is no JSON: .*/],
    [
      'of a newer format',
      edited('"format": 1', '"format": 2'),
      'it has format 2, and this version reads formats up to 1. Upgrade',
    ],
    ['without a format', edited('"format": 1', '"format": "one"'), 'its "format" is "one"'],
    ['that is a list', '[]', 'the file is no object'],
    ['without events', '{"format":1}', '"events" is no object'],
    ['whose event is a text', '{"format":1,"events":{"a.b":"x"}}', '"a.b" is no object'],
    [
      'with marks of a merge',
      edited('"b.happened"', '\n<<<<<<< HEAD\n"b.happened"'),
      /marks of a merge conflict, from line \d+ on/,
    ],
  ])('%s is refused', (_, file, told) => {
    expect(reading(file)).toThrow(told)
    expect(reading(file)).toThrow(/^the\.lock cannot be used/)
  })

  it('is not there: nothing is recorded yet. It is written whole, and leaves no draft behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hindcast-lock-'))
    try {
      const file = join(folder, 'hindcast.schema.json')
      expect(await readLock(file)).toEqual(new Map())
      await writeLock(file, lock)
      expect(formatLock(await readLock(file))).toBe(written)
      expect(await readdir(folder)).toEqual(['hindcast.schema.json'])
      await writeFile(file, '{')
      await expect(readLock(file)).rejects.toMatchObject({ code: 'HC_SCHEMA_LOCK' })
      await expect(writeLock(join(folder, 'no', 'x.json'), lock)).rejects.toThrow('cannot be written')
      await expect(readLock(folder)).rejects.toThrow('cannot be read')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
