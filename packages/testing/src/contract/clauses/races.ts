import assert from 'node:assert/strict'
import type { AppendResult, EventStore, StreamWrite } from '@hindcast/core'
import { clause, sharedClause, type Clause } from '../clause.js'
import { idsOf, only, readStream, upTo, versionsOf } from '../reading.js'
import { newEvent, streamsTogether, tryAppend, write } from '../writing.js'

const RACERS = 32
const STREAM = 'account-contended'

/** Of appends that run at the same time exactly one wins; those that do not collide all go through. */
export const races: readonly Clause[] = [
  clause('of 32 appends racing to start a stream exactly one is appended', async trial => {
    const store = await trial.open()
    await raceOnce([store], 'none', 0)
  }),

  clause('of 32 appends racing at a version exactly one is appended, in every round', async trial => {
    const store = await trial.open()
    await raceOnce([store], 'none', 0)
    for (let version = 0; version < 5; version++) await raceOnce([store], version, version + 1)
  }),

  clause('racing appends without a check are all written, each at a version of its own', async trial => {
    const store = await trial.open()
    const results = await Promise.all(upTo(RACERS).map(() => tryAppend(store, write(STREAM, 'any', 2))))
    const versions = results.map(result => only(appendedOf(result).versions)).toSorted((a, b) => a - b)
    assert.deepEqual(
      versions,
      upTo(RACERS).map(n => 2 * n + 1),
    )
    const events = await readStream(store, STREAM)
    assert.deepEqual(versionsOf(events), upTo(2 * RACERS))
    for (let n = 0; n < events.length; n += 2)
      assert.equal(
        events[n]!.commandId,
        events[n + 1]!.commandId,
        'the events of one append must stay together',
      )
  }),

  clause('racing appends to different streams of a partition are all written', async trial => {
    const store = await trial.open()
    const streams = streamsTogether(store, RACERS)
    const results = await Promise.all(streams.map(stream => tryAppend(store, write(stream, 'none', 2))))
    for (const result of results) assert.deepEqual(appendedOf(result).versions, [1])
    for (const stream of streams) assert.deepEqual(versionsOf(await readStream(store, stream)), [0, 1])
  }),

  clause('of appends racing for the same two streams in both orders exactly one is appended', async trial => {
    const store = await trial.open()
    const [left, right] = streamsTogether(store, 2) as [string, string]
    const attempts = upTo(RACERS).map(n => {
      const writes = [write(left, 'none'), write(right, 'none')]
      return n % 2 === 0 ? writes : writes.toReversed()
    })
    const results = await Promise.all(attempts.map(writes => tryAppend(store, writes)))
    assert.equal(results.filter(result => result.kind === 'appended').length, 1)
    const winner = attempts[results.findIndex(result => result.kind === 'appended')]!
    for (const { stream, events } of winner)
      assert.deepEqual(idsOf(await readStream(store, stream)), idsOf(events))
  }),

  sharedClause('of 32 appends racing through two stores on one log exactly one is appended', async trial => {
    const store = await trial.open()
    const stores = [store, await trial.second(store)]
    await raceOnce(stores, 'none', 0)
    for (let version = 0; version < 5; version++) await raceOnce(stores, version, version + 1)
  }),
]

/** Races appends to the stream; exactly one may win, and all others must be told the version that it wrote. */
async function raceOnce(
  stores: readonly EventStore[],
  expected: number | 'none',
  won: number,
): Promise<void> {
  const attempts = upTo(RACERS).map((n): { store: EventStore; write: StreamWrite } => ({
    store: stores[n % stores.length]!,
    write: write(STREAM, expected, [newEvent()]),
  }))
  const results = await Promise.all(attempts.map(attempt => tryAppend(attempt.store, attempt.write)))
  const winners = attempts.filter((_, n) => results[n]!.kind === 'appended')
  assert.equal(winners.length, 1, `exactly one of ${RACERS} must win, ${winners.length} did`)
  const losers = results.filter(result => result.kind === 'conflict')
  assert.equal(losers.length, RACERS - 1)
  for (const loser of losers)
    assert.deepEqual({ ...loser }, { kind: 'conflict', stream: STREAM, expected, actual: won })
  for (const store of stores) {
    const last = (await readStream(store, STREAM, { fresh: true })).at(-1)
    assert.equal(last?.version, won)
    assert.equal(last.id, winners[0]!.write.events[0]!.id)
  }
}

function appendedOf(result: AppendResult): AppendResult & { kind: 'appended' } {
  assert(result.kind === 'appended', `expected to be appended, got ${JSON.stringify(result)}`)
  return result
}
