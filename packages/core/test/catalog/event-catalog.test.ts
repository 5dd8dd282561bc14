import { describe, expect, it } from 'vitest'
import { Event, EventCatalog, Field, upcast } from '../../src/index.js'
import { recorded } from './recorded.js'

class Deposited extends Event('account.deposited', { version: 3, formerly: ['account.paid_in'] }) {
  cents!: number
  currency!: string
}
class Opened extends Event('account.opened') {
  owner!: string
  @Field(Date) at?: Date
}
class Closed extends Event('account.closed', { version: 2 }) {}

const catalog = new EventCatalog(
  [Deposited, Opened, Closed],
  [
    upcast(Deposited)
      .from<{ amount: number }>(1)
      .up(old => ({ cents: old.amount * 100 }))
      .up(old => ({ ...old, currency: 'EUR' }))
      .done(),
    upcast(Closed).from<object>(1).drop(),
    upcast('account.opened_with')
      .from<{ owner: string; cents: number }>(1)
      .split(old => [Opened.of({ owner: old.owner }), Deposited.of({ cents: old.cents, currency: 'EUR' })]),
    upcast('account.viewed').from<object>(1).drop(),
  ],
)
const read = (type: string, version: number, data: object | string) =>
  catalog.decode(recorded(type, version, data), 'log')

describe('an event catalog', () => {
  it('finds nothing wrong with what is right', () => {
    expect(catalog.problems).toEqual([])
  })

  it('writes an event under its name and version, and reads it back as its class', () => {
    const event = Deposited.of({ cents: 5, currency: 'EUR' })
    const encoded = catalog.encode(event)
    expect(encoded).toEqual({
      type: 'account.deposited',
      schemaVersion: 3,
      data: '{"cents":5,"currency":"EUR"}',
    })
    const [decoded] = read(encoded.type, encoded.schemaVersion, encoded.data)
    expect(decoded!.event).toEqual(event)
    expect(decoded!.event).toBeInstanceOf(Deposited)
  })

  it.each<[string, unknown]>([
    ['that is not registered', new (class Other extends Event('other.seen') {})()],
    ['that is a plain object', { cents: 5 }],
    ['without a prototype', Object.create(null)],
    ['of a subclass', new (class Special extends Deposited {})()],
    ['that is null', null],
    ['that is a text', 'account.deposited'],
  ])('refuses to write an event %s', (_, event) => {
    expect(() => catalog.encode(event as object)).toThrow(
      expect.objectContaining({ code: 'HC_EVENT_UNKNOWN' }),
    )
  })

  it('names the event when a payload is refused on writing', () => {
    expect(() => catalog.encode(Deposited.of({ cents: Number.NaN, currency: 'EUR' }))).toThrow(
      expect.objectContaining({
        code: 'HC_PAYLOAD',
        message: expect.stringContaining('event "account.deposited", at cents: NaN') as string,
      }),
    )
  })

  it('hands the same events to a sink, without a list', () => {
    const seen: [object, string, number][] = []
    catalog.fold(recorded('account.opened_with', 1, { owner: 'Ada', cents: 5 }), 'log', (event, meta) =>
      seen.push([event, meta.type, meta.part]),
    )
    expect(seen).toEqual([
      [Opened.of({ owner: 'Ada' }), 'account.opened', 0],
      [Deposited.of({ cents: 5, currency: 'EUR' }), 'account.deposited', 1],
    ])
  })

  it('lets an error of the sink through as it is', () => {
    const mine = new TypeError('mine')
    expect(() =>
      catalog.fold(recorded('account.opened', 1, { owner: 'Ada' }), 'log', () => {
        throw mine
      }),
    ).toThrow(mine)
  })
})

describe('the meta of an event', () => {
  const metadata = { actor: 'ada', tenant: 't', causationId: 'x', traceparent: '00-a-b-01' }
  const metaOf = (more = {}) =>
    catalog.decode(recorded('account.paid_in', 1, { amount: 1 }, more), 'log')[0]!.meta

  it('says where the event stands and where it came from, under its name of today', () => {
    const expected = {
      id: 'e-1',
      type: 'account.deposited',
      stream: 'account-acc-1',
      category: 'account',
      key: 'acc-1',
      version: 4,
      part: 0,
      time: new Date(86_400_000),
      position: 'log/2:17',
      commandId: 'c-1',
      correlationId: 'c-1',
      ...metadata,
    }
    expect(metaOf({ metadata })).toMatchObject(expected)
    expect(JSON.parse(JSON.stringify(metaOf({ metadata })))).toEqual({
      ...expected,
      time: '1970-01-02T00:00:00.000Z',
    })
  })

  it('leaves out what was not given, but for the correlation, which begins with the command', () => {
    const { actor, tenant, causationId, traceparent, correlationId } = metaOf()
    expect({ actor, tenant, causationId, traceparent }).toEqual({})
    expect(correlationId).toBe('c-1')
    expect(metaOf({ metadata: { correlationId: 'k-1' } }).correlationId).toBe('k-1')
  })

  it('gives each reader a time of its own', () => {
    const meta = metaOf()
    meta.time.setTime(0)
    expect(meta.time).toEqual(new Date(86_400_000))
  })
})

describe('which names are read as which events', () => {
  it('by recorded name', () => {
    expect(catalog.readsAs('account.deposited')).toEqual(new Set([Deposited]))
    expect(catalog.readsAs('account.paid_in')).toEqual(new Set([Deposited]))
    expect(catalog.readsAs('account.closed')).toEqual(new Set([Closed]))
    expect(catalog.readsAs('account.viewed')).toEqual(new Set())
    expect(catalog.readsAs('account.unheard_of')).toEqual(new Set())
  })

  it('where a split decides, any of them', () => {
    expect(catalog.readsAs('account.opened_with')).toEqual(new Set([Deposited, Opened, Closed]))
  })

  it('by class: its names, and whatever is split', () => {
    expect(catalog.typesReadAs([Deposited])).toEqual(
      new Set(['account.deposited', 'account.paid_in', 'account.opened_with']),
    )
    expect(catalog.typesReadAs([Closed, Opened])).toEqual(
      new Set(['account.closed', 'account.opened', 'account.opened_with']),
    )
  })

  it('each way says the same', () => {
    const names = [
      'account.deposited',
      'account.paid_in',
      'account.closed',
      'account.opened',
      'account.opened_with',
    ]
    for (const type of [Deposited, Opened, Closed])
      expect(catalog.typesReadAs([type])).toEqual(
        new Set(names.filter(name => catalog.readsAs(name).has(type))),
      )
  })
})

describe('what cannot be read is refused with type and position', () => {
  const place = { stream: 'account-acc-1', version: 4, partition: 2, offset: '17' }
  it.each<[string, string, number, object | string, string, RegExp]>([
    [
      'a newer version',
      'account.deposited',
      4,
      {},
      'HC_EVENT_NEWER_THAN_CODE',
      /version 4.*up to version 3.*2:17/,
    ],
    [
      'a newer version under a former name',
      'account.paid_in',
      9,
      {},
      'HC_EVENT_NEWER_THAN_CODE',
      /version 9/,
    ],
    [
      'a newer version of a retired event',
      'account.viewed',
      2,
      {},
      'HC_EVENT_NEWER_THAN_CODE',
      /up to version 1/,
    ],
    ['version 0', 'account.deposited', 0, {}, 'HC_EVENT_VERSION_UNREADABLE', /version 0.*2:17.*1 to 3/],
    ['half a version', 'account.deposited', 1.5, {}, 'HC_EVENT_VERSION_UNREADABLE', /version 1\.5/],
    ['no version', 'account.deposited', Number.NaN, {}, 'HC_EVENT_VERSION_UNREADABLE', /version NaN/],
    [
      'a name like a known one',
      'account.deposted',
      1,
      {},
      'HC_EVENT_TYPE_UNKNOWN',
      /nearest known name is "account\.deposited"/,
    ],
    [
      'a name like none',
      'x',
      1,
      {},
      'HC_EVENT_TYPE_UNKNOWN',
      /event "x" is unknown to this code \(at 2:17, stream "account-acc-1", version 4\)\. /,
    ],
    ['a name of an object’s method', 'constructor', 1, {}, 'HC_EVENT_TYPE_UNKNOWN', /"constructor"/],
    [
      'damaged data',
      'account.opened',
      1,
      '{"owner',
      'HC_PAYLOAD',
      /event "account\.opened" at 2:17, stream "account-acc-1", version 4: the data is no JSON/,
    ],
    ['damaged data of an old version', 'account.deposited', 1, '[', 'HC_PAYLOAD', /2:17.*no JSON/],
    ['data that is no object', 'account.opened', 1, '[1]', 'HC_PAYLOAD', /2:17.*no object/],
    [
      'a field that is not what @Field says',
      'account.opened',
      1,
      { at: 'noon' },
      'HC_PAYLOAD',
      /2:17.*at at: "noon" is no date/,
    ],
  ])('%s', (_, type, version, data, code, message) => {
    expect(() => read(type, version, data)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(message) as string,
        context: expect.objectContaining({ ...place, type, schemaVersion: version }) as object,
      }),
    )
  })

  it('also when the name is longer than any', () => {
    expect(() => read('a'.repeat(200_000), 1, {})).toThrow(
      expect.objectContaining({ code: 'HC_EVENT_TYPE_UNKNOWN' }),
    )
  })
})
