import { lmdb } from '@hindcast/lmdb-store'
import { systemClock, uuidV7Source } from '@hindcast/core'
import { Journal, readJournal } from '../history/journal.js'
import { Random } from '../random.js'
import { subscribe, Writer } from '../workload/writer.js'
import type { WriterOrder } from './writer-order.js'

/**
 * A process that appends until it is told to stop, or is killed. Its parent reads "working" when it has begun, and tells it
 * to stop with a message.
 */
const order = JSON.parse(process.argv[2]!) as WriterOrder
const stop = new AbortController()
process.on('message', () => stop.abort())
const orphaned = (): never => process.exit(1)
process.on('disconnect', orphaned)

const random = new Random(order.seed)
const store = await lmdb(order.folder)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
const journal = new Journal(order.journal)
const unanswered =
  order.before === undefined
    ? []
    : readJournal(order.before, '').attempts.filter(a => a.outcome.kind === 'unknown')
const again = unanswered.filter(() => random.chance(0.5))
const reading = subscribe(store, journal, random.whole(0, store.partitions - 1), stop.signal)
const writing = new Writer(store, journal, random).run(order.concurrency, again, stop.signal)
process.send!('working')
await Promise.all([reading, writing])
await store[Symbol.asyncDispose]()
journal.close()
process.off('disconnect', orphaned)
process.disconnect()
