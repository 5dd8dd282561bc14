import { Ledger } from '../bank/ledger.js'
import { compareCatalogs } from '../rehydrate/compare-catalogs.js'
import { measureCached } from '../rehydrate/measure-cached.js'
import { measureLoading } from '../rehydrate/measure-loading.js'
import { measureSnapshots } from '../rehydrate/measure-snapshots.js'
import type { Suite } from './suite.js'

/** So many events are spread over streams of one length: enough that they do not fit into the processor's caches. */
const EVENTS_OF_A_LENGTH = 50_000
const MAX_STREAMS = 1000

/** How fast a state is built from its events, and that it is not built when it is cached. */
export const rehydrate: Suite = {
  name: 'rehydrate',
  about:
    'one client loads states from 10, 1,000 and 10,000 events; a cached state reads nothing; a snapshot spares 100,000 events',
  options: ['seconds', 'events'],
  async run(run) {
    let first = 0
    for (const events of run.options.events) {
      const ledger = new Ledger()
      const streams = Math.max(1, Math.min(MAX_STREAMS, Math.round(EVENTS_OF_A_LENGTH / events)))
      await measureLoading(run, { first, streams, events }, ledger)
      await measureCached(run, { first, streams, events }, ledger)
      first += streams
    }
    await compareCatalogs(run)
    await measureSnapshots(run)
  },
}
