import { subscribe } from 'node:diagnostics_channel'
import { Hindcast, type PartitionOwnership, type StepDiagnostic } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { postgres } from '@hindcast/projections'
import { Counter, PROJECTIONS } from './counting.js'
import type { WorkerMessage, WorkerOrder } from './worker-order.js'

const { log, url, partitions, trap }: WorkerOrder = JSON.parse(process.argv[2]!) as WorkerOrder
let committed = 0
let seen = 0

/** Divides nothing: everybody works on everything, and only the fence tells them apart. */
const everybody: PartitionOwnership = {
  join: async (_, count, member) => {
    for (let partition = 0; partition < count; partition++) member.assigned(partition)
    return {
      [Symbol.asyncDispose]: async () => {
        for (let partition = 0; partition < count; partition++) await member.revoked(partition)
      },
    }
  },
}

subscribe('hindcast:projections:step', message => {
  const { step, projection } = message as StepDiagnostic
  if (step === 'committed' && ++committed === 1) say({ said: 'folded' })
  if (trap && projection === 'tally' && step === trap.step && ++seen === trap.time)
    process.kill(process.pid, trap.signal)
})

const app = await Hindcast.start({
  store: lmdb(log),
  readModels: postgres({
    url,
    idleInTransactionTimeoutMs: 1_000,
    ownerTimeoutMs: 3_000,
    ...(partitions === 'all' && { ownership: everybody }),
  }),
  aggregates: [Counter],
  projections: PROJECTIONS,
  run: 'workers',
  log: false,
})
say({ said: 'started' })
process.once('message', () => {
  void app[Symbol.asyncDispose]().then(() => {
    say({ said: 'ended', committed })
    process.disconnect()
  })
})
process.once('disconnect', () => process.exit(0))

function say(message: WorkerMessage): void {
  process.send!(message)
}
