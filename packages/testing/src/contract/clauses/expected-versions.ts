import assert from 'node:assert/strict'
import { clause, type Clause } from '../clause.js'
import { idsOf, readStream, versionsOf } from '../reading.js'
import { conflicts, stillUsable } from '../refusal.js'
import { append, newEvent, tryAppend, write } from '../writing.js'

const STREAM = 'account-acc-1'

/** What an append demands of a stream before it writes. */
export const expectedVersions: readonly Clause[] = [
  clause("'none' starts a stream, and its first event has version 0", async trial => {
    const store = await trial.open()
    const { versions } = await append(store, write(STREAM, 'none'))
    assert.deepEqual(versions, [0])
    assert.deepEqual(versionsOf(await readStream(store, STREAM)), [0])
  }),

  clause("'none' is refused by a stream that has events, with its last version as actual", async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none', 3))
    await conflicts(store, write(STREAM, 'none'), { stream: STREAM, expected: 'none', actual: 2 })
  }),

  clause("'exists' is refused by a stream without events, with 'none' as actual", async trial => {
    const store = await trial.open()
    await append(store, write('account-other', 'none'))
    await conflicts(store, write(STREAM, 'exists'), { stream: STREAM, expected: 'exists', actual: 'none' })
  }),

  clause("'exists' appends to a stream that has events", async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none', 2))
    assert.deepEqual((await append(store, write(STREAM, 'exists', 2))).versions, [3])
  }),

  clause("'any' appends to a stream without events and to one with events", async trial => {
    const store = await trial.open()
    assert.deepEqual((await append(store, write(STREAM, 'any', 2))).versions, [1])
    assert.deepEqual((await append(store, write(STREAM, 'any'))).versions, [2])
    assert.deepEqual(versionsOf(await readStream(store, STREAM)), [0, 1, 2])
  }),

  clause('a version appends when it is the one of the last event', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'))
    assert.deepEqual((await append(store, write(STREAM, 0, 2))).versions, [2])
    assert.deepEqual((await append(store, write(STREAM, 2))).versions, [3])
  }),

  clause('a version below the one of the last event is refused, with the last one as actual', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none', 4))
    for (const expected of [0, 2])
      await conflicts(store, write(STREAM, expected), { stream: STREAM, expected, actual: 3 })
  }),

  clause('a version above the one of the last event is refused, with the last one as actual', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none', 4))
    for (const expected of [4, 5, Number.MAX_SAFE_INTEGER])
      await conflicts(store, write(STREAM, expected), { stream: STREAM, expected, actual: 3 })
  }),

  clause("a version is refused by a stream without events, with 'none' as actual", async trial => {
    const store = await trial.open()
    for (const expected of [0, 1])
      await conflicts(store, write(STREAM, expected), { stream: STREAM, expected, actual: 'none' })
  }),

  clause('after a conflict the same command id can be appended with the right version', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'))
    const refusedAppend = await tryAppend(store, write(STREAM, 'none'), { commandId: 'retried' })
    assert.equal(refusedAppend.kind, 'conflict')
    assert.deepEqual((await append(store, write(STREAM, 0), { commandId: 'retried' })).versions, [1])
    await stillUsable(store)
  }),

  clause("'after' appends behind the event that it names", async trial => {
    const store = await trial.open()
    const [first, second, third] = [newEvent(), newEvent(), newEvent()]
    await append(store, write(STREAM, 'none', [first, second]))
    await append(store, { ...write(STREAM, 1, [third]), after: second.id })
    assert.deepEqual(idsOf(await readStream(store, STREAM)), idsOf([first, second, third]))
  }),

  clause("'after' is refused when another event has the expected version", async trial => {
    const store = await trial.open()
    const [first, second] = [newEvent(), newEvent()]
    await append(store, write(STREAM, 'none', [first, second]))
    for (const after of [first.id, 'never-appended'])
      await conflicts(store, { ...write(STREAM, 1), after }, { stream: STREAM, expected: 1, actual: 1 })
  }),

  clause("'after' does not replace the version: both must fit", async trial => {
    const store = await trial.open()
    const last = newEvent()
    await append(store, write(STREAM, 'none', [newEvent(), last]))
    await conflicts(
      store,
      { ...write(STREAM, 0), after: last.id },
      { stream: STREAM, expected: 0, actual: 1 },
    )
    await conflicts(
      store,
      { ...write('account-new', 0), after: last.id },
      { stream: 'account-new', expected: 0, actual: 'none' },
    )
  }),
]
