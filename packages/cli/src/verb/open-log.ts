import { memory, systemClock, uuidV7Source, type EventStore, type HistoryParts } from '@hindcast/core'
import type { HindcastConfig } from '../config/define-config.js'

/** Opens the app's log for reading, and nothing else of the app. */
export async function openLog(config: HindcastConfig): Promise<HistoryParts & AsyncDisposable> {
  const open = config.store ?? memory()
  const store: EventStore = await open({
    clock: config.clock ?? systemClock,
    ids: config.ids ?? uuidV7Source(),
    run: 'workers',
  })
  return {
    store,
    aggregates: config.aggregates,
    ...(config.upcasters && { upcasters: config.upcasters }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}
