import { uuidV7Source, type EventStore, type NewEvent } from '@hindcast/core'

const WRITERS = 1000

/** A new stream and its events. */
export interface StreamFill {
  readonly stream: string
  readonly events: Iterable<Omit<NewEvent, 'id'>>
}

/** Writes streams past any aggregate, as fast as the store takes them: each event an append of its own, as commands make them. */
export async function fillStreams(store: EventStore, fills: Iterable<StreamFill>): Promise<void> {
  const ids = uuidV7Source()
  // The writers share one iterator: each takes the next stream when it has finished its last.
  const remaining = fills[Symbol.iterator]()
  const writer = async (): Promise<void> => {
    for (let next = remaining.next(); !next.done; next = remaining.next()) {
      const { stream, events } = next.value
      let version = 0
      for (const event of events) {
        const id = ids.next()
        const expected = version === 0 ? 'none' : version - 1
        const write = { stream, expected, events: [{ id, ...event }] } as const
        const answer = await store.append([write], { commandId: id })
        if (answer.kind === 'conflict') throw new Error(`stream "${stream}" has events already`)
        version++
      }
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, writer))
}
