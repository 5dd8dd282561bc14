import assert from 'node:assert/strict'
import type { EventStore, NewEvent, RecordedEvent } from '@hindcast/core'
import { clause, type Clause } from '../clause.js'
import { homeOf, only, plainCommand, readStream, wholeLog } from '../reading.js'
import { append, newEvent, tryAppend, write } from '../writing.js'

const STREAM = 'account-acc-1'

/** Nothing that was given or taken is a handle on the log. */
export const immutability: readonly Clause[] = [
  clause('changing the input after an append does not change the log', async trial => {
    const store = await trial.open()
    const event = { ...newEvent({ data: '{"cents":1}' }) }
    const metadata = { actor: 'ada' }
    const writes = [write(STREAM, 'none', [event])]
    await append(store, writes, { commandId: 'cmd-1', metadata })
    const before = await wholeLog(store)
    const command = plainCommand(await store.findCommand(homeOf(store, STREAM), 'cmd-1'))
    Object.assign(event, { id: 'other', type: 'other', data: '{}', schemaVersion: 9 } satisfies NewEvent)
    metadata.actor = 'eve'
    ;(writes[0]!.events as NewEvent[]).push(newEvent())
    Object.assign(writes[0]!, { stream: 'account-other' })
    writes.pop()
    assert.deepEqual(await wholeLog(store), before)
    assert.deepEqual(plainCommand(await store.findCommand(homeOf(store, STREAM), 'cmd-1')), command)
  }),

  clause(
    'an append writes what it was called with, also when the input changes while it runs',
    async trial => {
      const store = await trial.open()
      const event = newEvent({ data: '{"cents":1}' })
      const writes = [write(STREAM, 'none', [{ ...event }])]
      const metadata = { actor: 'ada' }
      const appending = tryAppend(store, writes, { metadata })
      Object.assign(writes[0]!.events[0]!, { id: '', type: 'other', data: 'broken', schemaVersion: -1 })
      ;(writes[0]!.events as NewEvent[]).length = 0
      Object.assign(metadata, { actor: '' })
      writes.length = 0
      assert.equal((await appending).kind, 'appended')
      const reopened = await trial.reopen(store)
      const { id, type, schemaVersion, data, metadata: read } = only(await readStream(reopened, STREAM))
      assert.deepEqual({ id, type, schemaVersion, data }, event)
      assert.deepEqual({ ...read }, { actor: 'ada' })
      assert.deepEqual((await append(reopened, write(STREAM, 0))).versions, [1])
    },
  ),

  clause('changing events and arrays that were read does not change the log', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none', 3), { metadata: { actor: 'ada' } })
    const before = await wholeLog(store)
    for await (const batch of store.readStream(STREAM)) spoil(batch)
    for await (const batch of store.readStream(STREAM, { direction: 'backwards' })) spoil(batch)
    for await (const batch of store.readLog(homeOf(store, STREAM))) spoil(batch.events)
    assert.deepEqual(await wholeLog(store), before)
    assert.equal((await readStream(store, STREAM)).length, 3)
    assert.deepEqual((await append(store, write(STREAM, 2))).versions, [3])
  }),

  clause('changing an outcome or a found command does not change what is remembered', async trial => {
    const store = await trial.open()
    const options = { commandId: 'cmd-1', command: 'account.open', result: '1' }
    const first = await append(store, write(STREAM, 'none', 2), options)
    const known = plainCommand(await find(store))
    for (const answer of [
      first,
      await tryAppend(store, write(STREAM, 'none', 2), options),
      await find(store),
    ])
      spoilFields(answer as object)
    assert.deepEqual(plainCommand(await find(store)), known)
    const again = await tryAppend(store, write(STREAM, 'none', 2), options)
    assert.deepEqual(again.kind === 'appended' && [again.repeated, [...again.versions]], [true, [1]])
  }),
]

const find = (store: EventStore): ReturnType<EventStore['findCommand']> =>
  store.findCommand(homeOf(store, STREAM), 'cmd-1')

/** Changes everything that lets itself be changed: a store may freeze what it gives out. */
function spoil(events: readonly RecordedEvent[]): void {
  for (const event of events) {
    spoilFields(event.metadata)
    spoilFields(event)
  }
  // Turned around in place on purpose.
  // oxlint-disable-next-line unicorn/no-array-reverse
  attempt(() => (events as RecordedEvent[]).reverse().pop())
}

function spoilFields(value: object): void {
  for (const [name, field] of Object.entries(value)) {
    if (Array.isArray(field)) attempt(() => field.push(999, ...field.splice(0)))
    attempt(() => Object.assign(value, { [name]: 'spoiled' }))
  }
}

function attempt(change: () => unknown): void {
  try {
    change()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
}
