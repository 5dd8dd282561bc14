import assert from 'node:assert/strict'
import type { AppendMetadata, EventStore } from '@hindcast/core'
import { clause, type Clause } from '../clause.js'
import { homeOf, only, plain, readPartition, readStream } from '../reading.js'
import { append, newEvent, write } from '../writing.js'

const STREAM = 'account-acc-1'

const PAYLOADS: readonly string[] = [
  '{}',
  '{ "spaces" :\t1 ,\n "lines": 2 }',
  '{"z":1,"a":2,"10":3,"9":4}',
  '{"a":1,"a":2}',
  '{"big":12345678901234567890123,"tiny":1e-400,"huge":1e400,"exact":0.1000,"minus":-0}',
  '{"escapes":"\\u00e9\\n\\t\\"\\\\\\/\\ud83d\\ude80\\ud800\\u0000"}',
  '{"unicode":"é ß 日本語 العربية 🚀 👩‍👩‍👧‍👦 \u2028 \ufeff \u007f"}',
  '{"":"","__proto__":{"polluted":true},"constructor":null}',
  `{"deep":${'['.repeat(200)}${']'.repeat(200)}}`,
  `{"long":"${'0123456789'.repeat(10_000)}"}`,
  '{"trailing":true}\n',
]

const METADATA: readonly AppendMetadata[] = [
  {},
  { correlationId: 'corr-1' },
  { causationId: 'cause-1', tenant: 'München GmbH & Co. 🍺' },
  {
    correlationId: 'corr-2',
    causationId: 'cause-2',
    actor: 'ada@example.org',
    tenant: ' ',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
]

/** What is written is what is read. */
export const payloads: readonly Clause[] = [
  clause('the text of a payload survives byte for byte', async trial => {
    const store = await trial.open()
    const events = PAYLOADS.map(data => newEvent({ data }))
    await append(store, write(STREAM, 'none', events))
    const textsIn = async (reader: EventStore): Promise<string[]> =>
      (await readStream(reader, STREAM)).map(event => event.data)
    assert.deepEqual(await textsIn(store), PAYLOADS)
    assert.deepEqual(await textsIn(await trial.reopen(store)), PAYLOADS)
  }),

  clause('id, type, schema version and command id of an event survive', async trial => {
    const store = await trial.open()
    const events = [
      newEvent({ id: 'event-1', type: 'account.opened', schemaVersion: 1 }),
      newEvent({ id: 'event-2', type: 'Konto.eröffnet 🚀', schemaVersion: 17 }),
      newEvent({ id: 'event-3', type: 'x', schemaVersion: Number.MAX_SAFE_INTEGER }),
    ]
    await append(store, write(STREAM, 'none', events), { commandId: 'cmd-1' })
    const recorded = await readStream(await trial.reopen(store), STREAM)
    assert.deepEqual(
      recorded.map(({ id, type, schemaVersion, data }) => ({ id, type, schemaVersion, data })),
      events,
    )
    for (const event of recorded) assert.equal(event.commandId, 'cmd-1')
  }),

  clause('metadata survive on every event of an append, and none are invented', async trial => {
    const store = await trial.open()
    for (const metadata of METADATA) await append(store, write(STREAM, 'any', 2), { metadata })
    await append(store, write(STREAM, 'any', 2))
    const expected = [...METADATA, {}].flatMap(metadata => [metadata, metadata])
    const fresh = (await readStream(store, STREAM)).map(plain)
    assert.deepEqual(
      fresh.map(event => event.metadata),
      expected,
    )
    assert.deepEqual((await readStream(await trial.reopen(store), STREAM)).map(plain), fresh)
  }),

  clause('a stream and its partition give the same events', async trial => {
    const store = await trial.open()
    for (const data of PAYLOADS)
      await append(store, write(STREAM, 'any', [newEvent({ data })]), { metadata: METADATA[3]! })
    const log = await readPartition(store, homeOf(store, STREAM))
    assert.equal(log.length, PAYLOADS.length)
    assert.deepEqual(log.map(plain), (await readStream(store, STREAM)).map(plain))
  }),

  clause('the same event fields are given by every read of an event', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'))
    const one = plain(only(await readStream(store, STREAM)))
    const other = plain(only(await readStream(store, STREAM, { direction: 'backwards', fresh: true })))
    assert.deepEqual(one, other)
    assert.deepEqual([typeof one.time, typeof one.offset, typeof one.version], ['number', 'bigint', 'number'])
  }),
]
