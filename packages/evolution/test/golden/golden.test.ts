import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IsInt, Min } from 'class-validator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Column,
  Event,
  Key,
  memory,
  Projection,
  RowProjection,
  Update,
  Upsert,
  systemClock,
  upcast,
  uuidV7Source,
  type EventStore,
  type ReadLogOptions,
  type ReadStreamOptions,
  type RecordedEvent,
} from '@hindcast/core'
import { goldenCases, takeGolden, type GoldenOptions, type GoldenParts } from '@hindcast/evolution'

class Opened extends Event('purse.opened') {}
class Paid extends Event('purse.paid', { version: 2 }) {
  @IsInt() @Min(1) cents!: number
}
const paidHistory = upcast(Paid)
  .from<{ euros: number }>(1)
  .up(({ euros }) => ({ cents: euros * 100 }))
  .done()
@Aggregate('purse')
class Purse extends AggregateRoot<Opened | Paid> {
  list?: number[]
  @Apply(Opened) opened() {
    this.list = []
  }
  @Apply(Paid) paid({ cents }: Paid) {
    this.list!.push(cents)
  }
}
class Sum {
  @Key() @Column('text') key!: string
  @Column('integer') cents!: number
}
@Projection('sums', { version: 1, row: Sum })
class Sums extends RowProjection<Sum> {
  @Upsert(Paid) paid(row: Sum | undefined, { cents }: Paid, { key }: { key: string }) {
    return { key, cents: (row?.cents ?? 0) + cents }
  }
}
const parts: GoldenParts = { aggregates: [Purse], upcasters: [paidHistory], projections: [Sums] }

let folder: string
let store: EventStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hindcast-golden-'))
  store = await memory({ logId: 'books' })({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
})
afterEach(() => rm(folder, { recursive: true }))

/** The store as one whose medium has gone bad: wherever it had this payload, it gives another text. */
function damaged(sound: EventStore, data: string, instead: string): EventStore {
  const damage = (events: readonly RecordedEvent[]) =>
    events.map(event => (event.data === data ? { ...event, data: instead } : event))
  return {
    ...{ logId: sound.logId, partitions: sound.partitions },
    async *readLog(partition: number, options: ReadLogOptions) {
      for await (const batch of sound.readLog(partition, options))
        yield { ...batch, events: damage(batch.events) }
    },
    async *readStream(stream: string, options: ReadStreamOptions) {
      for await (const events of sound.readStream(stream, options)) yield damage(events)
    },
  } as unknown as EventStore
}

let ids = 0
async function append(stream: string, type: string, data: unknown, schemaVersion = 1): Promise<void> {
  const event = {
    id: `e${ids++}`,
    type,
    schemaVersion,
    data: typeof data === 'string' ? data : JSON.stringify(data),
  }
  await store.append([{ stream, expected: 'any', events: [event] }], { commandId: `c${ids}` })
}
async function fill(): Promise<void> {
  await append('purse-a', 'purse.opened', {})
  await append('purse-a', 'purse.paid', { cents: 5 }, 2)
  await append('purse-a', 'purse.paid', { euros: 7 })
  await append('purse-b', 'purse.opened', {})
  await append('purse-b', 'purse.paid', { euros: 3 })
}
const take = (options: GoldenOptions = {}) => takeGolden({ store, ...parts }, { folder, ...options })
const files = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(folder)).map(async file => [file, await readFile(join(folder, file), 'utf8')] as const),
    ),
  )
async function replays(code: GoldenParts = parts): Promise<readonly unknown[]> {
  const cases = await goldenCases(code, folder)
  return Promise.all(cases.map(({ run }) => run().catch((error: unknown) => error)))
}

describe('golden events', () => {
  it('are one of every type and version, with the least that went before in its stream', async () => {
    await fill()
    const { written, kept, problems } = await take()
    expect([written.length, kept, problems]).toEqual([3, [], []])
    const taken = await files()
    expect(Object.keys(taken)).toEqual([
      'purse.opened.v1.ndjson',
      'purse.paid.v1.ndjson',
      'purse.paid.v2.ndjson',
    ])
    const lines = taken['purse.paid.v1.ndjson']!.trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as object)
    expect(lines).toMatchObject([
      { golden: 1, type: 'purse.paid', schemaVersion: 1, position: expect.stringMatching(/^books\/\d:\d+$/) },
      { stream: 'purse-b', version: 0, type: 'purse.opened', data: {} },
      { stream: 'purse-b', version: 1, type: 'purse.paid', data: { euros: 3 } },
    ])
    expect(await replays()).toEqual([[], [], []])
  })

  it('taken again are the same, also when the log has grown; what is new is added', async () => {
    await fill()
    await take()
    const before = await files()
    await append('purse-c', 'purse.paid', { euros: 1 })
    await append('purse-c', 'purse.closed', {})
    const { written, kept } = await take()
    expect([written.length, kept.length]).toEqual([1, 3])
    expect(await files()).toMatchObject(before)
    await rm(folder, { recursive: true })
    await take()
    const anew = await files()
    await rm(folder, { recursive: true })
    await take()
    expect(await files()).toEqual(anew)
  })

  it('name the step that a recorded version does not pass: upcast', async () => {
    await fill()
    await take()
    const [, paid] = await replays({ ...parts, upcasters: [] })
    expect(paid).toMatchObject({
      code: 'HC_GOLDEN_REPLAY',
      context: { type: 'purse.paid', schemaVersion: 1, step: 'upcast', line: 3 },
    })
    expect((paid as Error).message).toMatch(
      /purse\.paid\.v1\.ndjson:3: "purse\.paid" version 1 does not pass the step upcast: .*nothing in this code reads/,
    )
  })

  it('name the step: validate', async () => {
    await fill()
    await take()
    const wrong = upcast(Paid)
      .from<{ euros: number }>(1)
      .up(({ euros }) => ({ cents: euros / 7 }))
      .done()
    const [, paid] = await replays({ ...parts, upcasters: [wrong] })
    expect(paid).toMatchObject({ context: { type: 'purse.paid', schemaVersion: 1, step: 'validate' } })
    expect((paid as Error).message).toContain('cents must be an integer')
  })

  it('name the step: @Apply, and the event before that it is about', async () => {
    await fill()
    await take()
    @Aggregate('purse')
    class Forgetful extends AggregateRoot<Opened | Paid> {
      list?: number[]
      @Apply(Opened) opened() {}
      @Apply(Paid) paid({ cents }: Paid) {
        this.list!.push(cents)
      }
    }
    const [opened, paid] = await replays({ ...parts, aggregates: [Forgetful] })
    expect(opened).toEqual([])
    expect(paid).toMatchObject({ context: { type: 'purse.paid', schemaVersion: 1, step: '@Apply', line: 3 } })
  })

  it('say where a state cannot be looked at, as one that holds a function', async () => {
    await fill()
    await take()
    @Aggregate('purse')
    class Closed extends AggregateRoot<Opened | Paid> {
      later = (): number => 1
      @Apply(Opened) opened() {}
      @Apply(Paid) paid() {}
    }
    expect((await replays({ ...parts, aggregates: [Closed] }))[0]).toEqual([expect.stringContaining('later')])
  })

  it('name the projection; rows of other streams may be missing', async () => {
    await fill()
    await take()
    @Projection('broken', { version: 1, row: Sum })
    class Broken extends RowProjection<Sum> {
      @Upsert(Paid) paid(): Sum {
        throw new TypeError('no sum')
      }
    }
    @Projection('others', { version: 1, row: Sum })
    class Others extends RowProjection<Sum> {
      @Update(Paid) paid(row: Sum): Sum {
        return row
      }
    }
    const [, paid] = await replays({ ...parts, projections: [Broken] })
    expect(paid).toMatchObject({ context: { type: 'purse.paid', step: 'projection', projection: 'broken' } })
    expect((paid as Error).message).toContain('does not pass the step projection broken: ')
    expect(await replays({ ...parts, projections: [Others] })).toMatchObject([
      [],
      [expect.stringContaining('no row')],
      [expect.stringContaining('no row')],
    ])
  })

  it('of a type that the code does not know, or that is no JSON object, are told with their place; the next one is taken', async () => {
    await append('purse-a', 'purse.paid', { euros: 9 })
    await append('purse-b', 'purse.opened', {})
    await append('purse-b', 'purse.paid', { euros: 1 })
    await append('purse-c', 'purse.burnt', {})
    store = damaged(store, '{"euros":9}', '[9]')
    const { problems, written } = await take()
    expect(written).toHaveLength(3)
    expect(problems.toSorted((a, b) => (a.code < b.code ? -1 : 1))).toEqual([
      {
        code: 'HC_EVENT_TYPE_UNKNOWN',
        message: expect.stringContaining('event "purse.burnt" is unknown'),
        position: expect.stringMatching(/^books/),
      },
      {
        code: 'HC_PAYLOAD',
        message: expect.stringContaining('"purse.paid" version 1 at books/'),
        position: expect.stringMatching(/^books/),
      },
    ])
    expect((await replays()).map(each => (each as { code?: string }).code)).toEqual([
      'HC_GOLDEN_REPLAY',
      undefined,
      undefined,
    ])
  })

  it('are taken alone where too much went before, and then not folded, which is said', async () => {
    await append('purse-a', 'purse.opened', {})
    for (let i = 0; i < 5; i++) await append('purse-a', 'purse.opened', {})
    await append('purse-a', 'purse.paid', { euros: 1 })
    await take({ maxHistory: 3 })
    expect((await files())['purse.paid.v1.ndjson']!.trimEnd().split('\n')).toHaveLength(2)
    expect((await replays())[1]).toEqual([expect.stringContaining('too much went before')])
  })

  it('are redacted by a function of the user, which cannot make another event of one', async () => {
    await fill()
    await take({ redact: event => ({ ...event, stream: 'purse-someone', data: {} }) })
    expect(JSON.stringify(await files())).not.toContain('euros')
    await rm(folder, { recursive: true })
    await expect(take({ redact: event => ({ ...event, version: 9 }) })).rejects.toMatchObject({
      code: 'HC_GOLDEN_REDACTION',
    })
    await expect(take({ redact: () => undefined as never })).rejects.toThrow('gives no event with data')
    const boom = (): never => {
      throw new Error('boom')
    }
    await expect(take({ redact: boom })).rejects.toThrow('throws Error: boom')
  })

  it.each([
    ['a line that is cut', (text: string) => text.slice(0, -5), /:3 cannot be used: the line is no JSON/],
    [
      'a list',
      (text: string) => text.replace(/\n.*\n/, '\n[]\n'),
      /:2 cannot be used: the line is JSON, but no object/,
    ],
    [
      'a newer format',
      (text: string) => text.replace('"golden":1', '"golden":2'),
      /:1 .*format 2.*upgrade hindcast/,
    ],
    ['no head', (text: string) => text.replace(/.*\n/, ''), /:1 .*no "golden"/],
    [
      'another event at its end',
      (text: string) => text.split('\n').slice(0, 2).join('\n'),
      /does not end with such an event/,
    ],
    [
      'an event without data',
      (text: string) => text.replace('"data":{"euros":3}', '"data":null'),
      /:3 .*no "data"/,
    ],
    ['a gap', (text: string) => text.replace('"version":0', '"version":4'), /:2 .*one after the other/],
  ])('in a file with %s are refused, with the line', async (_, damage, told) => {
    await fill()
    await take()
    const file = join(folder, 'purse.paid.v1.ndjson')
    await writeFile(file, damage(await readFile(file, 'utf8')))
    const [opened, refused] = await replays()
    expect(opened).toEqual([])
    expect(refused).toMatchObject({ code: 'HC_GOLDEN_FILE', message: expect.stringMatching(told) })
  })

  it('that are not there fail the test', async () => {
    await expect(goldenCases(parts, folder)).rejects.toThrow('it has no golden events')
    await expect(goldenCases(parts, join(folder, 'no'))).rejects.toThrow('it cannot be read')
  })
})
