import assert from 'node:assert/strict'
import {
  LIMITS,
  prepareAppend,
  type AppendOptions,
  type EventStore,
  type NewEvent,
  type StreamWrite,
} from '@hindcast/core'
import { clause, type Clause } from '../clause.js'
import { homeOf, only, readStream } from '../reading.js'
import { allRefusedCleanly, refusedCleanly } from '../refusal.js'
import { append, newEvent, newEvents, tryAppend, write } from '../writing.js'

const STREAM = 'account-acc-1'
const COMMAND = { commandId: 'cmd-1' }

/** Each limit: the edge is accepted, one beyond is refused and nothing is written. */
export const limits: readonly Clause[] = [
  clause('an event of 256 KiB is accepted, one byte more is refused', async trial => {
    const store = await trial.open()
    const largest = filledTo(store, LIMITS.maxEventBytes)
    await refusedCleanly(store, 'HC_LIMIT_EXCEEDED', () =>
      tryAppend(
        store,
        write(STREAM, 'none', [newEvent({ data: filledTo(store, LIMITS.maxEventBytes + 1) })]),
        COMMAND,
      ),
    )
    await append(store, write(STREAM, 'none', [newEvent({ data: largest })]), COMMAND)
    assert.equal(only(await readStream(await trial.reopen(store), STREAM)).data, largest)
  }),

  clause('an append of 512 KiB is accepted, one byte more is refused', async trial => {
    const store = await trial.open()
    const small = sizeOf(store, newEvent())
    const dataFor = (total: number): string[] => [
      filledTo(store, LIMITS.maxEventBytes),
      filledTo(store, total - LIMITS.maxEventBytes - small),
      '{}',
    ]
    const writeFor = (total: number): StreamWrite =>
      write(
        STREAM,
        'none',
        dataFor(total).map(data => newEvent({ data })),
      )
    await refusedCleanly(store, 'HC_LIMIT_EXCEEDED', () =>
      tryAppend(store, writeFor(LIMITS.maxAppendBytes + 1), COMMAND),
    )
    await append(store, writeFor(LIMITS.maxAppendBytes), COMMAND)
    const recorded = await readStream(await trial.reopen(store), STREAM)
    assert.deepEqual(
      recorded.map(event => event.data),
      dataFor(LIMITS.maxAppendBytes),
    )
  }),

  clause('an append of 1,000 events is accepted, one of 1,001 is refused', async trial => {
    const store = await trial.open()
    await refusedCleanly(store, 'HC_LIMIT_EXCEEDED', () => tryAppend(store, write(STREAM, 'none', 1001)))
    const events = newEvents(1000)
    assert.deepEqual((await append(store, write(STREAM, 'none', events))).versions, [999])
    const recorded = await readStream(store, STREAM)
    assert.deepEqual(
      recorded.map(event => event.data),
      events.map(event => event.data),
    )
  }),

  clause('a result of 4 KiB is accepted, one byte more is refused', async trial => {
    const store = await trial.open()
    const largest = JSON.stringify('é'.repeat(LIMITS.maxResultBytes / 2 - 1))
    assert.equal(Buffer.byteLength(largest), LIMITS.maxResultBytes)
    await refusedCleanly(store, 'HC_LIMIT_EXCEEDED', () =>
      tryAppend(store, write(STREAM, 'none'), { ...COMMAND, result: `${largest} ` }),
    )
    await append(store, write(STREAM, 'none'), { ...COMMAND, result: largest })
    const command = await store.findCommand(homeOf(store, STREAM), COMMAND.commandId)
    assert.equal(command?.result, largest)
  }),

  clause(
    'a command id and a command name of 200 characters are accepted, 201 and 0 are refused',
    async trial => {
      const store = await trial.open()
      const [edge, beyond] = ['x'.repeat(LIMITS.maxIdLength), 'x'.repeat(LIMITS.maxIdLength + 1)]
      const bad = [beyond, ''].flatMap(text => [{ commandId: text }, { ...COMMAND, command: text }])
      await allInvalid(store, bad)
      await append(store, write(STREAM, 'none'), { commandId: edge, command: edge })
      assert.equal((await store.findCommand(homeOf(store, STREAM), edge))?.command, edge)
      assert.equal(only(await readStream(store, STREAM)).commandId, edge)
    },
  ),

  clause('metadata of 200 characters are accepted, 201 and 0 are refused', async trial => {
    const store = await trial.open()
    const [edge, beyond] = ['ß'.repeat(LIMITS.maxIdLength), 'x'.repeat(LIMITS.maxIdLength + 1)]
    const fields = ['correlationId', 'causationId', 'actor', 'tenant', 'traceparent'] as const
    const bad = fields.flatMap(field => [{ [field]: beyond }, { [field]: '' }])
    await allInvalid(
      store,
      bad.map(metadata => ({ ...COMMAND, metadata })),
    )
    const metadata = Object.fromEntries(fields.map(field => [field, edge]))
    await append(store, write(STREAM, 'none'), { ...COMMAND, metadata })
    assert.deepEqual({ ...only(await readStream(store, STREAM)).metadata }, metadata)
  }),

  clause('an event id and a type of 200 characters are accepted, 201 and 0 are refused', async trial => {
    const store = await trial.open()
    const [edge, beyond] = ['é'.repeat(LIMITS.maxIdLength), 'x'.repeat(LIMITS.maxIdLength + 1)]
    const bad = [{ id: beyond }, { id: '' }, { type: beyond }, { type: '' }]
    await allRefusedCleanly(
      store,
      'HC_APPEND_INVALID',
      bad.map(fields => () => tryAppend(store, write(STREAM, 'none', [newEvent(fields)]))),
    )
    await append(store, write(STREAM, 'none', [newEvent({ id: edge, type: edge })]))
    const { id, type } = only(await readStream(store, STREAM))
    assert.deepEqual({ id, type }, { id: edge, type: edge })
  }),
]

async function allInvalid(store: EventStore, bad: readonly AppendOptions[]): Promise<void> {
  await allRefusedCleanly(
    store,
    'HC_APPEND_INVALID',
    bad.map(options => () => store.append([write(STREAM, 'none')], options)),
  )
}

/** Data that makes an event of exactly so many bytes, encoded. */
function filledTo(store: EventStore, bytes: number): string {
  const empty = sizeOf(store, newEvent({ data: '{"x":""}' }))
  return `{"x":"${'x'.repeat(bytes - empty)}"}`
}

function sizeOf(store: EventStore, event: NewEvent): number {
  return prepareAppend([write(STREAM, 'none', [event])], COMMAND, store.partitions).bytes
}
