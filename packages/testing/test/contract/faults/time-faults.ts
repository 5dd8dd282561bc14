import type { EventStore, RecordedEvent } from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { appending, each, readingEvents, replaced, turn } from './planting.js'

/** What is wrong with the times of events. */
export const timeFaults: Faults = {
  'keeps times in seconds': {
    plant: readingEvents(event => ({ ...event, time: Math.floor(event.time / 1000) * 1000 })),
    caughtBy: ['the time of an event is the clock’s at the append, to the millisecond'],
  },
  'uses the wall clock instead of its own': {
    plant: readingEvents(event => ({ ...event, time: Date.now() })),
    caughtBy: ['the time of an event is the clock’s at the append, to the millisecond'],
  },
  'reads the clock only when it writes': {
    plant: appending(async (store, writes, options) => {
      await turn()
      return store.append(writes, options)
    }),
    caughtBy: ['the clock is read within the call of append, not later'],
  },
  'gives each event of an append a time of its own': {
    plant: readingEvents(event => ({ ...event, time: event.time + event.version })),
    caughtBy: ['all events of an append have one time'],
  },
  'lets time run backwards': {
    plant: timing((event, { time }) => ({ ...event, time })),
    caughtBy: ['when the clock runs backwards, the time of a partition stands still'],
  },
  'keeps one time for all partitions': {
    plant: timing((event, { latest }) => ({ ...event, time: Math.max(event.time, latest) })),
    caughtBy: ['the time of one partition does not hold back another'],
  },
  'forgets the last time on reopening': {
    plant: (store, log) =>
      log.opening === 1 ? store : timing((event, { time }) => ({ ...event, time }))(store, log),
    caughtBy: ['time does not run backwards over a reopening'],
  },
  'has no times before 1970': {
    plant: readingEvents(event => ({ ...event, time: Math.max(event.time, 0) })),
    caughtBy: ['times before 1970 are kept'],
  },
  'takes 1970 for an invalid date': {
    plant: (store, log) => {
      const { clock } = log
      return replaced(store, {
        append: (writes, options) => {
          if (!Number.isNaN(clock.now().getTime())) return store.append(writes, options)
          return Promise.resolve({
            kind: 'appended',
            repeated: false,
            versions: [0],
            position: `${store.logId}/0:1` as never,
          })
        },
      })
    },
    caughtBy: ['a clock that gives no valid date refuses the append'],
  },
}

/** What the clock said when an event was appended, and the latest that it had ever said. */
interface Told {
  readonly time: number
  readonly latest: number
}

/** Changes events by what the clock said at their append. */
function timing(change: (event: RecordedEvent, told: Told) => RecordedEvent): Plant {
  return (store: EventStore, { clock }) => {
    const told = new Map<string, Told>()
    let latest = -Infinity
    const changed = (event: RecordedEvent): RecordedEvent => {
      const known = told.get(event.commandId)
      return known ? change(event, known) : event
    }
    return replaced(store, {
      append: (writes, options) => {
        const time = clock.now().getTime()
        latest = Math.max(latest, time)
        told.set(options.commandId, { time, latest })
        return store.append(writes, options)
      },
      readStream: (stream, options) => each(store.readStream(stream, options), batch => batch.map(changed)),
    })
  }
}
