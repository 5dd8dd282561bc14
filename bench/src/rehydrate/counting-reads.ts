import type { EventStore, EventStoreFactory } from '@hindcast/core'

/** How often a store was asked for the events of a stream. */
export interface ReadCount {
  reads: number
}

/** The same store, with its reads of streams counted. */
export function countingReads(factory: EventStoreFactory, count: ReadCount): EventStoreFactory {
  return async host => {
    const store = await factory(host)
    return new Proxy(store, {
      get(target, name) {
        if (name === 'readStream') count.reads++
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    }) satisfies EventStore
  }
}
