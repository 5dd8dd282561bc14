import { lmdb } from '@hindcast/lmdb-store'
import { systemClock, uuidV7Source } from '@hindcast/core'
import { Journal, unansweredBefore } from '../history/journal.js'
import { Random } from '../random.js'
import { LiveReader } from '../workload/live-reader.js'
import { Writer } from '../workload/writer.js'
import type { LmdbWriterOrder } from './writer-order.js'

/**
 * A process that appends until it is told to stop, or is killed. Its parent reads "working" when it has begun, and tells it
 * to stop with a message.
 */
const order = JSON.parse(process.argv[2]!) as LmdbWriterOrder
const stop = new AbortController()
process.on('message', () => stop.abort())
const orphaned = (): never => process.exit(1)
process.on('disconnect', orphaned)

const random = new Random(order.seed)
const store = await lmdb(order.folder)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
const journal = new Journal(order.journal)
const again = unansweredBefore(order).filter(() => random.chance(0.5))
const reader = await LiveReader.atEnd(store, journal, random.whole(0, store.partitions - 1))
const writing = new Writer(store, journal, random).run(order.concurrency, again, stop.signal)
process.send!('working')
await writing
await reader.finish()
await store[Symbol.asyncDispose]()
journal.close()
process.off('disconnect', orphaned)
process.disconnect()
