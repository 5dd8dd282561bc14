import { systemClock, uuidV7Source, type HistoryParts, type StoreHost } from '@hindcast/core'
import type { HindcastConfig } from '../../config/define-config.js'
import { NoLogError } from './errors.js'

/**
 * Opens the app's log for reading, and nothing else of the app. No log is made.
 *
 * @param run - `'workers'`: on Kafka without an index, beside the app. `'commands'`: with it, and with the snapshots in it
 * @throws NoLogError when the app has no store; what the store throws, for instance where no log is
 */
export async function openLog(
  config: HindcastConfig,
  run: StoreHost['run'] = 'workers',
): Promise<HistoryParts & AsyncDisposable> {
  if (!config.store) throw new NoLogError()
  const store = await config.store({
    clock: config.clock ?? systemClock,
    ids: config.ids ?? uuidV7Source(),
    run,
    existing: true,
  })
  return {
    store,
    aggregates: config.aggregates,
    ...(config.upcasters && { upcasters: config.upcasters }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}
