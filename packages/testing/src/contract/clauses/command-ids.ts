import assert from 'node:assert/strict'
import { CommandIdReusedError, type AppendResult, type StreamWrite } from '@hindcast/core'
import { clause, sharedClause, type Clause } from '../clause.js'
import { only, readStream, upTo, wholeLog } from '../reading.js'
import { allRefusedCleanly, refusedCleanly } from '../refusal.js'
import { append, streamsApart, streamsTogether, tryAppend, write } from '../writing.js'

const STREAM = 'account-acc-1'
const DEPOSIT = { commandId: 'cmd-1', command: 'account.deposit' }

/** A command id makes a retry safe: it is appended once, and answered the same for ever. */
export const commandIds: readonly Clause[] = [
  clause('a repeated command id gets the first outcome and writes nothing', async trial => {
    const store = await trial.open()
    const [left, right] = streamsTogether(store, 2) as [string, string]
    const writes = [write(left, 'none', 2), write(right, 'none', 1)]
    const first = await append(store, writes, DEPOSIT)
    await append(store, write(left, 1, 3))
    const before = await wholeLog(store)
    for (let n = 0; n < 2; n++) isRepeat(await tryAppend(store, writes, DEPOSIT), first)
    assert.deepEqual(await wholeLog(store), before)
  }),

  clause(
    'a repeated command id gets the first outcome also with other events and expectations',
    async trial => {
      const store = await trial.open()
      const first = await append(store, write(STREAM, 'none', 2), DEPOSIT)
      const before = await wholeLog(store)
      const others: readonly StreamWrite[] = [
        write(STREAM, 'any', 5),
        write(STREAM, 'none'),
        write(STREAM, 17),
        write(STREAM, 'exists'),
      ]
      for (const other of others) isRepeat(await tryAppend(store, other, DEPOSIT), first)
      assert.deepEqual(await wholeLog(store), before)
    },
  ),

  clause('a repeated command id gets the first outcome also after reopening', async trial => {
    const store = await trial.open()
    const first = await append(store, write(STREAM, 'none', 2), DEPOSIT)
    const reopened = await trial.reopen(store)
    const before = await wholeLog(reopened)
    isRepeat(await tryAppend(reopened, write(STREAM, 'none', 2), DEPOSIT), first)
    assert.deepEqual(await wholeLog(reopened), before)
  }),

  clause(
    'the command ids of 16 concurrent repeats are appended once, and all get that outcome',
    async trial => {
      const store = await trial.open()
      const results = await Promise.all(
        upTo(16).map(() => tryAppend(store, write(STREAM, 'any', 2), DEPOSIT)),
      )
      const firsts = results.filter(result => result.kind === 'appended' && !result.repeated)
      const first = only(firsts)
      for (const result of results) if (result !== first) isRepeat(result, first)
      assert.equal((await readStream(store, STREAM)).length, 2)
    },
  ),

  clause('a command id is refused for another command, also after reopening', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'), DEPOSIT)
    const other = { ...DEPOSIT, command: 'account.withdraw' }
    const error = await refusedCleanly(store, 'HC_COMMAND_ID_REUSED', () =>
      tryAppend(store, write(STREAM, 0), other),
    )
    for (const value of [DEPOSIT.commandId, DEPOSIT.command, other.command, STREAM])
      assert(error.message.includes(value), `the message must name ${value}: ${error.message}`)
    const reopened = await trial.reopen(store)
    await refusedCleanly(reopened, 'HC_COMMAND_ID_REUSED', () => tryAppend(reopened, write(STREAM, 0), other))
  }),

  clause(
    'a command id of a named command is refused for an append without a name, and reversed',
    async trial => {
      const store = await trial.open()
      await append(store, write(STREAM, 'none'), DEPOSIT)
      await append(store, write(STREAM, 0), { commandId: 'nameless' })
      await allRefusedCleanly(store, 'HC_COMMAND_ID_REUSED', [
        () => tryAppend(store, write(STREAM, 1), { commandId: DEPOSIT.commandId }),
        () => tryAppend(store, write(STREAM, 1), { ...DEPOSIT, commandId: 'nameless' }),
      ])
    },
  ),

  clause('a command id is refused for another stream of its partition', async trial => {
    const store = await trial.open()
    const [left, right] = streamsTogether(store, 2) as [string, string]
    await append(store, write(left, 'none'), DEPOSIT)
    await refusedCleanly(store, 'HC_COMMAND_ID_REUSED', () => tryAppend(store, write(right, 'none'), DEPOSIT))
  }),

  clause(
    'a command id is refused for more streams, fewer streams and streams in another order',
    async trial => {
      const store = await trial.open()
      const [a, b, c] = streamsTogether(store, 3) as [string, string, string]
      await append(store, [write(a, 'none'), write(b, 'none')], DEPOSIT)
      const anyOf = (streams: readonly string[]): StreamWrite[] => streams.map(stream => write(stream, 'any'))
      await allRefusedCleanly(
        store,
        'HC_COMMAND_ID_REUSED',
        [[a], [b], [a, b, c], [b, a]].map(streams => () => tryAppend(store, anyOf(streams), DEPOSIT)),
      )
    },
  ),

  clause('of 16 commands racing with one id exactly one is appended, the others are refused', async trial => {
    const store = await trial.open()
    const outcomes = await Promise.all(
      upTo(16).map(n =>
        tryAppend(store, write(STREAM, 'any'), { commandId: 'same', command: `account.race_${n}` }).catch(
          (error: unknown) => error,
        ),
      ),
    )
    const refusals = outcomes.filter(outcome => outcome instanceof CommandIdReusedError)
    assert.equal(refusals.length, 15)
    assert.equal((await readStream(store, STREAM)).length, 1)
  }),

  clause('a command id that one partition knows is free in another', async trial => {
    const store = await trial.open()
    const [left, right] = streamsApart(store, 2) as [string, string]
    await append(store, write(left, 'none'), DEPOSIT)
    await append(store, write(right, 'none'), { ...DEPOSIT, command: 'account.other' })
    assert.equal((await wholeLog(store)).length, 2)
  }),

  clause('a command id that was refused is still free', async trial => {
    const store = await trial.open()
    const tooMany = write(STREAM, 'none', 1001)
    await refusedCleanly(store, 'HC_LIMIT_EXCEEDED', () => tryAppend(store, tooMany, DEPOSIT))
    await append(store, write(STREAM, 'none'), DEPOSIT)
  }),

  sharedClause(
    'a command id that was appended through one store is known to another on the log',
    async trial => {
      const store = await trial.open()
      const second = await trial.second(store)
      const first = await append(store, write(STREAM, 'none', 2), DEPOSIT)
      isRepeat(await tryAppend(second, write(STREAM, 'none', 2), DEPOSIT), first)
      assert.equal((await readStream(store, STREAM, { fresh: true })).length, 2)
    },
  ),
]

function isRepeat(result: AppendResult, first: AppendResult): void {
  assert(result.kind === 'appended' && first.kind === 'appended', `got ${JSON.stringify(result)}`)
  assert.equal(result.repeated, true, 'a repeat must say so')
  assert.deepEqual([...result.versions], [...first.versions])
  assert.equal(result.position, first.position)
}
