import { rmSync } from 'node:fs'
import type { EventStore, StoreHost } from '@hindcast/core'
import { kafka, type KafkaOptions } from '@hindcast/kafka-store'
import type { EventStoreHarness } from '@hindcast/testing'
import { brokers } from '../../../../test/servers/suites.js'
import { hostWith, newFolder, newTopic } from './stage/place.js'

/** Stores on topics of their own; the second store on a log has an index of its own, as another process would. */
export interface KafkaHarness extends EventStoreHarness {
  /** The topic and the folder of a store. */
  placeOf(store: EventStore): Place
  /** Opens a store on a topic, with an index of its own. */
  openOn(topic: string, options?: Partial<KafkaOptions>, host?: Partial<StoreHost>): Promise<EventStore>
  /** Opens a store on a topic, with its index in a folder. */
  openAt(place: Place, host?: Partial<StoreHost>): Promise<EventStore>
  /** Deletes the folders. */
  clean(): void
}

/** Where a store is. */
interface Place {
  readonly topic: string
  readonly dataDir: string
}

/** Makes a harness. */
export function kafkaHarness(given: Partial<KafkaOptions> = {}): KafkaHarness {
  const places = new Map<EventStore, Place>()
  const openAt = async (place: Place, options: Partial<KafkaOptions> = {}, own: Partial<StoreHost> = {}) => {
    const store = await kafka({ brokers, partitions: 4, ...given, ...options, ...place })({
      ...hostWith(),
      ...own,
    })
    places.set(store, place)
    return store
  }
  return {
    timeoutMs: 30_000,
    open: ({ clock }) => openAt({ topic: newTopic(), dataDir: newFolder() }, {}, hostWith(clock)),
    reopen: async (store, { clock }) => {
      await store[Symbol.asyncDispose]()
      return openAt(places.get(store)!, {}, hostWith(clock))
    },
    second: store => openAt({ topic: places.get(store)!.topic, dataDir: newFolder() }),
    openOn: (topic, options, own) => openAt({ topic, dataDir: newFolder() }, options, own),
    openAt: (place, own) => openAt(place, {}, own),
    placeOf: store => places.get(store)!,
    clean: () => {
      for (const { dataDir } of places.values()) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
