import assert from 'node:assert/strict'
import { parsePosition, partitionOf, type EventStore, type StreamWrite } from '@hindcast/core'
import { clause, type Clause } from '../clause.js'
import { idsOf, readPartition, readStream } from '../reading.js'
import { allRefusedCleanly, refusedCleanly } from '../refusal.js'
import { append, streamsApart, tryAppend, write } from '../writing.js'

const STREAM = 'account-acc-1'

/** The partition key decides where a stream lives, once and for all. */
export const partitionKeys: readonly Clause[] = [
  clause('a partition key puts a stream into its partition', async trial => {
    const store = await trial.open()
    const key = keyIn(store, other(store, home(store)))
    const { position } = await append(store, keyed(key, 'none'))
    const partition = partitionOf(key, store.partitions)
    assert.equal(parsePosition(position).partition, partition)
    const [event] = await readPartition(store, partition)
    assert.deepEqual([event?.stream, event?.partition], [STREAM, partition])
    assert.deepEqual(idsOf(await readStream(store, STREAM)), [event?.id])
  }),

  clause('streams that share a partition key are appended together', async trial => {
    const store = await trial.open()
    const streams = streamsApart(store, 2)
    const writes = streams.map(stream => ({ ...write(stream, 'none', 2), partitionKey: 'customer-7' }))
    assert.deepEqual((await append(store, writes)).versions, [1, 1])
    const log = await readPartition(store, partitionOf('customer-7', store.partitions))
    assert.deepEqual(
      idsOf(log),
      writes.flatMap(each => idsOf(each.events)),
    )
  }),

  clause(
    'another partition key that names another partition is refused, also after reopening',
    async trial => {
      const store = await trial.open()
      await append(store, write(STREAM, 'none'))
      const elsewhere = other(store, home(store))
      const moved = keyed(keyIn(store, elsewhere), 'any')
      const error = await refusedCleanly(store, 'HC_PARTITION_KEY_CHANGED', () => tryAppend(store, moved))
      assert.deepEqual({ ...error.context }, { stream: STREAM, partition: home(store), asked: elsewhere })
      const reopened = await trial.reopen(store)
      await refusedCleanly(reopened, 'HC_PARTITION_KEY_CHANGED', () => tryAppend(reopened, moved))
      assert.deepEqual((await append(reopened, write(STREAM, 0))).versions, [1])
    },
  ),

  clause('a changed partition key is refused before the expected version is looked at', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none', 3))
    const key = keyIn(store, other(store, home(store)))
    const expectations = ['none', 'exists', 0, 2] as const
    await allRefusedCleanly(
      store,
      'HC_PARTITION_KEY_CHANGED',
      expectations.map(expected => () => tryAppend(store, keyed(key, expected))),
    )
  }),

  clause('another partition key of the same partition is accepted', async trial => {
    const store = await trial.open()
    await append(store, write(STREAM, 'none'))
    assert.deepEqual((await append(store, keyed(keyIn(store, home(store)), 0))).versions, [1])
  }),

  clause('a stream whose only append was refused may still choose its partition', async trial => {
    const store = await trial.open()
    const key = keyIn(store, other(store, home(store)))
    assert.equal((await tryAppend(store, write(STREAM, 'exists'))).kind, 'conflict')
    await append(store, keyed(key, 'none'))
  }),
]

function home(store: EventStore): number {
  return partitionOf(STREAM, store.partitions)
}

function other(store: EventStore, partition: number): number {
  return (partition + 1) % store.partitions
}

/** A key of the partition. */
function keyIn(store: EventStore, partition: number): string {
  for (let n = 0; ; n++)
    if (partitionOf(`customer-${n}`, store.partitions) === partition) return `customer-${n}`
}

function keyed(partitionKey: string, expected: StreamWrite['expected']): StreamWrite {
  return { ...write(STREAM, expected), partitionKey }
}
