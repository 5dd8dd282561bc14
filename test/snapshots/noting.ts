import type { EventStore } from '@hindcast/core'

/** A store that notes from which version on a stream was folded. */
export function noting(store: EventStore, reads: number[]): EventStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'readStream')
        return (stream: string, options?: { from?: number; limit?: number }) => {
          if (options?.limit === undefined) reads.push(options?.from ?? 0)
          return target.readStream(stream, options)
        }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
