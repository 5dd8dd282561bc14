import { expect, it } from 'vitest'
import { ownCopy, partitionOf, prepareAppend } from '../../src/index.js'
import { CommandAppend, PlacedWrite, StreamPlace } from '../../src/store/placed-write.js'

const PARTITIONS = 16
const options = { commandId: 'c-1' }
const event = { id: 'e-1', type: 'a.b', schemaVersion: 1, data: '{}' }
const placed = (place: StreamPlace): PlacedWrite => new PlacedWrite(place, 'none', undefined, [event])
const prepared = (write: object, partitions = PARTITIONS): number =>
  prepareAppend([write as PlacedWrite], options, partitions).partition

it('a placed write lies where its partition key says, the first time and later, whatever the number of partitions', () => {
  const place = new StreamPlace('account-1', 'region-7')
  for (const partitions of [PARTITIONS, PARTITIONS, 3, 3, PARTITIONS])
    expect(prepared(placed(place), partitions)).toBe(partitionOf('region-7', partitions))
})

it('a place that is none is refused at every append', () => {
  for (const [stream, key, code] of [
    ['no stream', 'k', 'HC_STREAM_ID'],
    ['account-1', '', 'HC_APPEND_INVALID'],
    ['account-1', 7, 'HC_APPEND_INVALID'],
  ] as const) {
    const place = new StreamPlace(stream, key as string)
    for (let i = 0; i < 2; i++)
      expect(() => prepared(placed(place))).toThrow(expect.objectContaining({ code }))
  }
})

it('a placed write that somebody changed, or copied, is checked like any other', () => {
  const place = new StreamPlace('account-1', 'account-1')
  prepared(placed(place))
  const moved = Object.assign(placed(place), { stream: 'tenant-x' })
  expect(prepared(moved)).toBe(partitionOf('account-1', PARTITIONS))
  for (const changed of [
    Object.assign(placed(place), { stream: 'no stream' }),
    Object.assign({}, placed(place), { stream: 'no stream' }),
    Object.create(placed(place), { stream: { value: 'no stream' } }) as object,
  ])
    expect(() => prepared(changed)).toThrow(expect.objectContaining({ code: 'HC_STREAM_ID' }))
  for (const changed of [{ expected: -1 }, { events: [] }, { after: '' }])
    expect(() => prepared(Object.assign(placed(place), changed))).toThrow(
      expect.objectContaining({ code: 'HC_APPEND_INVALID' }),
    )
})

it('stores keep placed writes, and copy all others', () => {
  const write = placed(new StreamPlace('account-1', 'account-1'))
  expect(ownCopy([write], options).writes[0]).toBe(write)
  const copied = ownCopy([Object.assign({}, write)], options).writes[0]
  expect(copied).toEqual({
    stream: 'account-1',
    partitionKey: 'account-1',
    expected: 'none',
    events: [event],
  })
  expect(copied).not.toBe(write)
})

it('stores keep the options of the command bus, and copy all others', () => {
  const metadata = Object.freeze({ actor: 'ada' })
  const own = new CommandAppend('c-1', 'account.open', metadata, '{}')
  expect(ownCopy([], own).options).toBe(own)
  const copied = ownCopy([], Object.assign({}, own)).options
  expect(copied).not.toBe(own)
  expect(copied).toEqual({ commandId: 'c-1', command: 'account.open', result: '{}', metadata })
  expect(copied.metadata).not.toBe(metadata)
  const changed = Object.assign(new CommandAppend('c-1', 'account.open', undefined, undefined), { metadata })
  expect(ownCopy([], changed).options).not.toBe(changed)
  expect(Object.assign({}, new CommandAppend('c-1', 'account.open', undefined, undefined))).toEqual({
    commandId: 'c-1',
    command: 'account.open',
  })
})
