import { clause, type Clause } from '../clause.js'
import type { AppendOptions, NewEvent, StreamWrite } from '@hindcast/core'
import { allRefusedCleanly, refusedCleanly } from '../refusal.js'
import { append, newEvent, tryAppend, write } from '../writing.js'

const STREAM = 'account-acc-1'
const LONE = '\ud800'

/** Malformed appends, by what is wrong with them. The types forbid some; the log must not rely on them. */
const MALFORMED: Readonly<Record<string, readonly StreamWrite[]>> = {
  'without writes': [],
  'whose writes are no list': 7 as unknown as readonly StreamWrite[],
  'with null for a write': [write(STREAM, 'none'), null as unknown as StreamWrite],
  'with null for the events': [{ ...write(STREAM, 'none'), events: null as unknown as NewEvent[] }],
  'with null for an event': [write(STREAM, 'none', [newEvent(), null as unknown as NewEvent])],
  'without events': [write(STREAM, 'none', [])],
  'that writes a stream twice': [write(STREAM, 'none'), write(STREAM, 'none')],
  'that expects a negative version': [write(STREAM, -1)],
  'that expects a broken version': [write(STREAM, 0.5)],
  'that expects NaN': [write(STREAM, NaN)],
  'that expects Infinity': [write(STREAM, Infinity)],
  'that expects an unknown word': [write(STREAM, 'some' as 'any')],
  'that expects nothing at all': [write(STREAM, undefined as unknown as 'any')],
  "with 'after' but no version": [{ ...write(STREAM, 'exists'), after: 'event-1' }],
  "with an empty 'after'": [{ ...write(STREAM, 0), after: '' }],
  'with an empty partition key': [{ ...write(STREAM, 'none'), partitionKey: '' }],
  'with an event id that is no text': [write(STREAM, 'none', [newEvent({ id: 7 as unknown as string })])],
  'with half a character in an event id': [write(STREAM, 'none', [newEvent({ id: LONE })])],
  'with half a character in an event type': [write(STREAM, 'none', [newEvent({ type: LONE })])],
  'with schema version 0': [write(STREAM, 'none', [newEvent({ schemaVersion: 0 })])],
  'with schema version 1.5': [write(STREAM, 'none', [newEvent({ schemaVersion: 1.5 })])],
  'with empty data': [write(STREAM, 'none', [newEvent({ data: '' })])],
  'with an array as data': [write(STREAM, 'none', [newEvent({ data: '[1]' })])],
  'with broken JSON as data': [write(STREAM, 'none', [newEvent({ data: '{oops' })])],
  'with half a character in its data': [write(STREAM, 'none', [newEvent({ data: `{"x":"${LONE}"}` })])],
  'with a text as data': [write(STREAM, 'none', [newEvent({ data: '"text"' })])],
  'with an object as data': [write(STREAM, 'none', [newEvent({ data: {} as string })])],
}

/** Bad input is refused with a code, before anything is written, and the store goes on. */
export const badInput: readonly Clause[] = [
  ...Object.entries(MALFORMED).map(([what, writes]) =>
    clause(`an append ${what} is refused`, async trial => {
      const store = await trial.open()
      await refusedCleanly(store, 'HC_APPEND_INVALID', () => store.append(writes, { commandId: 'cmd-1' }))
    }),
  ),

  clause(
    'an append with half a character in a command id, command name, result or metadata is refused',
    async trial => {
      const store = await trial.open()
      const bad = [
        { commandId: LONE },
        { command: LONE },
        { result: `"${LONE}"` },
        { metadata: { actor: LONE } },
      ]
      await allRefusedCleanly(
        store,
        'HC_APPEND_INVALID',
        bad.map(options => () => tryAppend(store, write(STREAM, 'none'), options)),
      )
    },
  ),

  clause('an append whose options are no object, or hold none as metadata, is refused', async trial => {
    const store = await trial.open()
    const bad = [undefined, null, 'cmd-1', { commandId: 'cmd-1', metadata: 'ada' }]
    await allRefusedCleanly(
      store,
      'HC_APPEND_INVALID',
      bad.map(options => () => store.append([write(STREAM, 'none')], options as AppendOptions)),
    )
  }),

  clause('an append is checked for its form before its command id is looked up', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'), { commandId: 'cmd-1' })
    const malformed = write(STREAM, 'none', [])
    await refusedCleanly(store, 'HC_APPEND_INVALID', () =>
      tryAppend(store, malformed, { commandId: 'cmd-1' }),
    )
  }),

  clause('many refusals in a row, at the same time, leave the store usable', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'))
    const all = Object.values(MALFORMED).map(writes =>
      store.append(writes, { commandId: 'cmd-1' }).catch(() => 'refused'),
    )
    await refusedCleanly(store, 'HC_APPEND_INVALID', async () => {
      await Promise.all(all)
      await tryAppend(store, [])
    })
  }),
]
