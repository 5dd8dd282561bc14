import { Hindcast, type App, type EventStoreFactory } from '@hindcast/core'
import { Account } from './account.js'

/** How many aggregates keep their state; the default of an app, and none at all. */
export type Caching = 'cached' | 'uncached'

/** Starts the bank on a log. */
export function startBank(log: EventStoreFactory, caching: Caching): Promise<App> {
  return Hindcast.start({
    store: log,
    aggregates: [Account],
    log: false,
    ...(caching === 'uncached' && { cachedAggregates: 0 }),
  })
}
