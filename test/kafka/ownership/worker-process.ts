import { systemClock, uuidV7Source } from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import type { Answer, Claimed, Question, WorkerOrder } from './protocol.js'

/** A process with projection workers; the read model, and its fence, are in the parent. */
const order = JSON.parse(process.argv[2]!) as WorkerOrder
const waiting = new Map<number, (value: Claimed | boolean) => void>()
const workers = new Map<number, { readonly stop: AbortController; readonly done: Promise<void> }>()
const RETRY_MS = 20
let numbers = 0

const store = await kafka(order)({ clock: systemClock, ids: uuidV7Source(), run: 'workers' })
process.on('message', ({ number, value }: Answer) => {
  waiting.get(number)!(value)
  waiting.delete(number)
})
const membership = await store.ownership!.join('counts_v1', store.partitions, {
  assigned: partition => {
    const stop = new AbortController()
    workers.set(partition, { stop, done: work(partition, stop.signal) })
  },
  revoked: async partition => {
    const worker = workers.get(partition)
    workers.delete(partition)
    worker?.stop.abort()
    await worker?.done
    await ask({ ask: 'revoked', partition })
  },
})
process.on('SIGTERM', () => {
  void (async () => {
    await membership[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
    process.exit(0)
  })()
})

async function work(partition: number, signal: AbortSignal): Promise<void> {
  await ask({ ask: 'assigned', partition })
  while (!signal.aborted) {
    await follow(partition, signal)
    if (!signal.aborted) await new Promise(resolve => setTimeout(resolve, RETRY_MS))
  }
}

/** Returns when it is stopped or fenced. */
async function follow(partition: number, signal: AbortSignal): Promise<void> {
  const { next, epoch } = (await ask({ ask: 'claim', partition })) as Claimed
  let from = BigInt(next)
  for await (const batch of store.readLog(partition, { from, live: true, signal, batchEvents: 7 })) {
    if (batch.next === from) continue
    const ids = batch.events.map(({ id }) => id)
    const commit = { from: String(from), next: String(batch.next), epoch, ids }
    if (!(await ask({ ask: 'commit', partition, ...commit }))) return
    from = batch.next
  }
}

type Asked = Question extends infer Q ? (Q extends Question ? Omit<Q, 'number'> : never) : never

function ask(question: Asked): Promise<Claimed | boolean> {
  return new Promise(resolve => {
    const number = numbers++
    waiting.set(number, resolve)
    process.send!({ number, ...question })
  })
}
