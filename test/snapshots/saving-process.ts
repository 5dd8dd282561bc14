import { Hindcast } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { noting } from './noting.js'
import { Add, Show, tally } from './tally.js'

/** `save`: an app that does nothing but append and save snapshots, until it is killed. `read`: one that tells its states. */
const [folder, what] = process.argv.slice(2)
const Saved = tally({ snapshotEvery: 1 })
const reads: number[] = []
const app = await Hindcast.start({
  store: async host => noting(await lmdb(folder!)(host), reads),
  aggregates: [Saved],
  cachedAggregates: 0,
  log: false,
})
const keys = ['k1', 'k2', 'k3']
for (let n = 0; what === 'save'; n++) {
  await Promise.all(keys.map(key => app.execute(key, Add.of({ n, times: 1 + (n % 3) }))))
  if (n % 3 === 0) await app.snapshot(Saved, 'k1')
  if (n === 5) process.send!('saving')
}
const states = await Promise.all(keys.map(async key => (await app.execute(key, Show.of())).result))
await app.stop()
process.send!({ states, reads })
