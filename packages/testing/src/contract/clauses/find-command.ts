import assert from 'node:assert/strict'
import { clause, type Clause } from '../clause.js'
import { homeOf, plainCommand } from '../reading.js'
import { refused } from '../refusal.js'
import { append, streamsApart, streamsTogether, tryAppend, write } from '../writing.js'

const STREAM = 'account-acc-1'

/** What a store remembers of a command. */
export const findCommand: readonly Clause[] = [
  clause('findCommand gives the name, result, streams, versions and position of an append', async trial => {
    const store = await trial.open()
    const [left, right] = streamsTogether(store, 2) as [string, string]
    await append(store, write(right, 'none', 4))
    const options = { commandId: 'cmd-1', command: 'account.transfer', result: '{"cents":"500"}' }
    const { position } = await append(store, [write(left, 'none', 2), write(right, 3, 1)], options)
    const expected = { ...options, streams: [left, right], versions: [1, 4], position }
    assert.deepEqual(plainCommand(await store.findCommand(homeOf(store, left), 'cmd-1')), expected)
  }),

  clause('findCommand gives the same after reopening', async trial => {
    const store = await trial.open()
    const options = { commandId: 'cmd-1', command: 'account.deposit', result: '{"cents":500}' }
    await append(store, write(STREAM, 'none', 3), options)
    await append(store, write(STREAM, 2, 3), { commandId: 'cmd-2' })
    const partition = homeOf(store, STREAM)
    const before = [await store.findCommand(partition, 'cmd-1'), await store.findCommand(partition, 'cmd-2')]
    assert(before[0] && before[1], 'both commands must be found')
    const reopened = await trial.reopen(store)
    const after = [
      await reopened.findCommand(partition, 'cmd-1'),
      await reopened.findCommand(partition, 'cmd-2'),
    ]
    assert.deepEqual(after.map(plainCommand), before.map(plainCommand))
  }),

  clause('findCommand gives no name and no result for an append without them', async trial => {
    const store = await trial.open()
    const { position } = await append(store, write(STREAM, 'none'), { commandId: 'cmd-1' })
    assert.deepEqual(plainCommand(await store.findCommand(homeOf(store, STREAM), 'cmd-1')), {
      commandId: 'cmd-1',
      streams: [STREAM],
      versions: [0],
      position,
    })
  }),

  clause(
    'findCommand knows nothing of ids that were never appended, conflicted, or belong elsewhere',
    async trial => {
      const store = await trial.open()
      const [left, right] = streamsApart(store, 2) as [string, string]
      await append(store, write(left, 'none'), { commandId: 'cmd-1' })
      assert.equal((await tryAppend(store, write(left, 'none'), { commandId: 'lost' })).kind, 'conflict')
      assert.equal(await store.findCommand(homeOf(store, left), 'lost'), undefined)
      assert.equal(await store.findCommand(homeOf(store, left), 'never'), undefined)
      assert.equal(await store.findCommand(homeOf(store, right), 'cmd-1'), undefined)
    },
  ),

  clause('a result survives byte for byte, up to 4 KiB', async trial => {
    const store = await trial.open()
    const results = [
      '{"text":"é \\u00e9 日本 🚀 \\" \\\\ \\n","big":12345678901234567890, "a":1,"a":2 }',
      'null',
      `"${'x'.repeat(4094)}"`,
    ]
    for (const [n, result] of results.entries())
      await append(store, write(STREAM, 'any'), { commandId: `cmd-${n}`, result })
    const reopened = await trial.reopen(store)
    for (const [n, result] of results.entries()) {
      const command = await reopened.findCommand(homeOf(reopened, STREAM), `cmd-${n}`)
      assert.equal(command?.result, result)
    }
  }),

  clause('findCommand refuses an unknown partition and what is no command id', async trial => {
    const store = await trial.open()
    for (const partition of [-1, store.partitions, 0.5, NaN])
      await refused('HC_PARTITION_UNKNOWN', () => store.findCommand(partition, 'cmd-1'))
    for (const id of ['', 'x'.repeat(201), '\ud800'])
      await refused('HC_APPEND_INVALID', () => store.findCommand(0, id))
  }),
]
