import assert from 'node:assert/strict'
import type { EventStore, ReadStreamOptions } from '@hindcast/core'
import { clause, type Clause } from '../clause.js'
import { plain, readStream, upTo, versionsOf } from '../reading.js'
import { allRefusedCleanly } from '../refusal.js'
import { append, streamsTogether, write } from '../writing.js'

const STREAM = 'account-acc-1'

/** Reading one stream, in both directions. */
export const streamReads: readonly Clause[] = [
  clause('a stream reads from its first event to its last', async trial => {
    const store = await trial.open()
    for (let n = 0; n < 5; n++) await append(store, write(STREAM, 'any', 2))
    assert.deepEqual(versionsOf(await readStream(store, STREAM)), upTo(10))
    assert.deepEqual(versionsOf(await readStream(store, STREAM, { direction: 'forwards' })), upTo(10))
  }),

  clause('a stream reads backwards from its last event to its first', async trial => {
    const store = await trial.open()
    for (let n = 0; n < 5; n++) await append(store, write(STREAM, 'any', 2))
    const backwards = await readStream(store, STREAM, { direction: 'backwards' })
    assert.deepEqual(versionsOf(backwards), upTo(10).toReversed())
    const forwards = await readStream(store, STREAM)
    assert.deepEqual(backwards.map(plain), forwards.toReversed().map(plain))
  }),

  clause('from and limit choose the events of a forwards read', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none', 10))
    await reads(store, { from: 0 }, upTo(10))
    await reads(store, { from: 7 }, [7, 8, 9])
    await reads(store, { from: 9 }, [9])
    await reads(store, { from: 10 }, [])
    await reads(store, { limit: 3 }, [0, 1, 2])
    await reads(store, { limit: 100 }, upTo(10))
    await reads(store, { limit: 0 }, [])
    await reads(store, { from: 4, limit: 2 }, [4, 5])
    await reads(store, { from: 8, limit: 5 }, [8, 9])
  }),

  clause('from and limit choose the events of a backwards read', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none', 10))
    await reads(store, { direction: 'backwards', from: 2 }, [2, 1, 0])
    await reads(store, { direction: 'backwards', from: 0 }, [0])
    await reads(store, { direction: 'backwards', from: 10 }, upTo(10).toReversed())
    await reads(store, { direction: 'backwards', from: Number.MAX_SAFE_INTEGER, limit: 1 }, [9])
    await reads(store, { direction: 'backwards', limit: 1 }, [9])
    await reads(store, { direction: 'backwards', limit: 0 }, [])
    await reads(store, { direction: 'backwards', from: 5, limit: 2 }, [5, 4])
    await reads(store, { direction: 'backwards', from: 1, limit: 5 }, [1, 0])
  }),

  clause('a stream of 2,500 events reads whole in both directions, across batches', async trial => {
    const store = await trial.open()
    for (const count of [1000, 1000, 500]) await append(store, write(STREAM, 'any', count))
    await reads(store, {}, upTo(2500))
    await reads(store, { direction: 'backwards' }, upTo(2500).toReversed())
    await reads(store, { from: 900, limit: 1300 }, upTo(2200).slice(900))
    await reads(
      store,
      { direction: 'backwards', from: 2100, limit: 1300 },
      upTo(2101).slice(801).toReversed(),
    )
  }),

  clause('a stream reads nothing of the other streams of its partition', async trial => {
    const store = await trial.open()
    const streams = streamsTogether(store, 3)
    for (let n = 0; n < 12; n++) await append(store, write(streams[n % 3]!, 'any'))
    for (const stream of streams)
      for (const direction of ['forwards', 'backwards'] as const) {
        const events = await readStream(store, stream, { direction })
        assert.equal(events.length, 4)
        for (const event of events) assert.equal(event.stream, stream)
      }
  }),

  clause('an unknown stream has no events, in both directions', async trial => {
    const store = await trial.open()
    await append(store, write('account-known', 'none'))
    await reads(store, {}, [])
    await reads(store, { direction: 'backwards' }, [])
    await reads(store, { from: 3, limit: 2, fresh: true }, [])
  }),

  clause('a read sees what was acknowledged before it', async trial => {
    const store = await trial.open()
    for (let n = 0; n < 50; n++) {
      await append(store, write(STREAM, 'any'))
      const last = await readStream(store, STREAM, { direction: 'backwards', limit: 1, fresh: n % 2 === 0 })
      assert.deepEqual(versionsOf(last), [n])
    }
  }),

  clause('reading a stream refuses bad options', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'))
    const bad: readonly ReadStreamOptions[] = [
      { from: -1 },
      { from: 0.5 },
      { from: NaN },
      { limit: -1 },
      { limit: 1.5 },
      { direction: 'sideways' as 'forwards' },
    ]
    await allRefusedCleanly(
      store,
      'HC_APPEND_INVALID',
      bad.map(options => () => readStream(store, STREAM, options)),
    )
  }),
]

async function reads(
  store: EventStore,
  options: ReadStreamOptions,
  versions: readonly number[],
): Promise<void> {
  const events = await readStream(store, STREAM, options)
  assert.deepEqual(versionsOf(events), versions, `read with ${JSON.stringify(options)}`)
}
