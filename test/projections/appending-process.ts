import { Hindcast, type Position } from '@hindcast/core'
import { storeOf, type Appended, type AppendingOrder } from './appending.js'
import { Count, Counter } from './counting.js'

/** Most of what is counted is one counter, so that one partition gets far more than the others. */
const HOT = 'hot'
const COLD = ['a', 'b', 'c', 'd', 'e']

const { log, dataDir, times }: AppendingOrder = JSON.parse(process.argv[2]!) as AppendingOrder
const counted = new Map<string, { times: number; last: Position }>()
await using app = await Hindcast.start({
  store: storeOf(log, dataDir),
  aggregates: [Counter],
  run: 'commands',
  commandTimeoutMs: 60_000,
  log: false,
})
for (let i = 0; i < times; i++) {
  const id = i % 10 < 8 ? HOT : COLD[i % COLD.length]!
  const { position: last } = await app.execute(id, Count.of({}))
  counted.set(id, { times: (counted.get(id)?.times ?? 0) + 1, last })
}
const said: Appended = { counters: [...counted].map(([id, counter]) => ({ id, ...counter })) }
process.send!(said)
process.disconnect()
