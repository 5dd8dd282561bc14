import { conflictOf, type EventStore, type StreamWrite } from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { answering, appending, eventsOf, givenWrites, replaced, turn } from './planting.js'

/** What is wrong with expected versions and with races. */
export const expectationFaults: Faults = {
  'counts versions from 1': {
    plant: answering(appended => ({ ...appended, versions: appended.versions.map(version => version + 1) })),
    caughtBy: ["'none' starts a stream, and its first event has version 0"],
  },
  "ignores 'none'": {
    plant: treating('none', 'any'),
    caughtBy: ["'none' is refused by a stream that has events, with its last version as actual"],
  },
  "ignores 'exists'": {
    plant: treating('exists', 'any'),
    caughtBy: ["'exists' is refused by a stream without events, with 'none' as actual"],
  },
  "takes 'exists' for 'none'": {
    plant: treating('exists', 'none'),
    caughtBy: ["'exists' appends to a stream that has events"],
  },
  "takes 'any' for 'none'": {
    plant: treating('any', 'none'),
    caughtBy: ["'any' appends to a stream without events and to one with events"],
  },
  'takes the expected version for the number of events': {
    plant: givenWrites(write =>
      typeof write.expected === 'number' && write.after === undefined
        ? { ...write, expected: write.expected === 0 ? 'none' : write.expected - 1 }
        : write,
    ),
    caughtBy: ['a version appends when it is the one of the last event'],
  },
  'accepts a version that is too old': {
    plant: accepting((expected, version) => expected <= version),
    caughtBy: ['a version below the one of the last event is refused, with the last one as actual'],
  },
  'accepts a version that is too new': {
    plant: accepting((expected, version) => version >= 0 && expected >= version),
    caughtBy: ['a version above the one of the last event is refused, with the last one as actual'],
  },
  'takes version 0 for no event yet': {
    plant: accepting((expected, version) => expected === 0 && version === -1),
    caughtBy: ["a version is refused by a stream without events, with 'none' as actual"],
  },
  'names a wrong actual version': {
    plant: appending(async (store, writes, options) => {
      const result = await store.append(writes, options)
      if (result.kind === 'appended' || result.actual === 'none') return result
      return { ...result, actual: result.actual + 1 }
    }),
    caughtBy: [
      "'none' is refused by a stream that has events, with its last version as actual",
      'a version below the one of the last event is refused, with the last one as actual',
      'a version above the one of the last event is refused, with the last one as actual',
      'of 32 appends racing to start a stream exactly one is appended',
    ],
  },
  "says version 0 instead of 'none'": {
    plant: appending(async (store, writes, options) => {
      const result = await store.append(writes, options)
      return result.kind === 'conflict' && result.actual === 'none' ? { ...result, actual: 0 } : result
    }),
    caughtBy: [
      "'exists' is refused by a stream without events, with 'none' as actual",
      "a version is refused by a stream without events, with 'none' as actual",
    ],
  },
  'writes what it refuses': {
    plant: appending(async (store, writes, options) => {
      const result = await store.append(writes, options)
      if (result.kind === 'conflict') await store.append(writes.map(free), options)
      return result
    }),
    caughtBy: ["'none' is refused by a stream that has events, with its last version as actual"],
  },
  'keeps the command id of a conflict': {
    plant: store => {
      const conflicted = new Map<string, Awaited<ReturnType<EventStore['append']>>>()
      return replaced(store, {
        append: async (writes, options) => {
          const before = conflicted.get(options.commandId)
          if (before) return before
          const result = await store.append(writes, options)
          if (result.kind === 'conflict') conflicted.set(options.commandId, result)
          return result
        },
      })
    },
    caughtBy: ['after a conflict the same command id can be appended with the right version'],
  },
  "refuses every 'after'": {
    plant: givenWrites(write => (write.after === undefined ? write : { ...write, after: 'nothing' })),
    caughtBy: ["'after' appends behind the event that it names"],
  },
  "ignores 'after'": {
    plant: givenWrites(withoutAfter),
    caughtBy: ["'after' is refused when another event has the expected version"],
  },
  "looks at 'after' instead of the version": {
    plant: appending(async (store, writes, options) => {
      const freed = writes.map(async write => {
        if (write.after === undefined) return write
        const last = (await eventsOf(store, write.stream)).at(-1)
        return last?.id === write.after ? free(write) : write
      })
      return store.append(await Promise.all(freed), options)
    }),
    caughtBy: ["'after' does not replace the version: both must fit"],
  },
  'checks that a stream is new first and writes later': {
    plant: checkingEarly(write => write.expected === 'none'),
    caughtBy: ['of 32 appends racing to start a stream exactly one is appended'],
  },
  'checks a version first and writes later': {
    plant: checkingEarly(write => typeof write.expected === 'number'),
    caughtBy: ['of 32 appends racing at a version exactly one is appended, in every round'],
  },
  'tells racing appends the same version': {
    plant: appending(async (store, writes, options) => {
      const before = (await eventsOf(store, writes[0]!.stream)).length
      await turn()
      const result = await store.append(writes, options)
      if (result.kind === 'conflict' || writes.length > 1) return result
      return { ...result, versions: [before + writes[0]!.events.length - 1] }
    }),
    caughtBy: ['racing appends without a check are all written, each at a version of its own'],
  },
  'calls everything that runs at the same time a conflict': {
    plant: store => {
      let busy = false
      return replaced(store, {
        append: async (writes, options) => {
          const { stream, expected } = writes[0] ?? { stream: '', expected: 'any' }
          if (busy) return { kind: 'conflict', stream, expected, actual: 'none' }
          busy = true
          await turn()
          return store.append(writes, options).finally(() => (busy = false))
        },
      })
    },
    caughtBy: ['racing appends to different streams of a partition are all written'],
  },
  'checks versions in its own process only': {
    plant: store => {
      const heads = new Map<string, number>()
      return replaced(store, {
        append: async (writes, options) => {
          for (const write of writes) {
            const version = heads.get(write.stream)
            const conflict = conflictOf(write, version === undefined ? undefined : { version, id: '' })
            if (conflict) return conflict
          }
          for (const { stream, events } of writes)
            heads.set(stream, (heads.get(stream) ?? -1) + events.length)
          return store.append(writes.map(free), options)
        },
      })
    },
    caughtBy: ['of 32 appends racing through two stores on one log exactly one is appended'],
  },
}

function treating(from: 'none' | 'exists' | 'any', to: 'none' | 'any'): Plant {
  return givenWrites(write => (write.expected === from ? { ...write, expected: to } : write))
}

/** Frees a write of its check when the rule accepts its expected version; a stream without events is at -1. */
function accepting(rule: (expected: number, version: number) => boolean): Plant {
  return appending(async (store, writes, options) => {
    const freed = writes.map(async write => {
      const version = (await eventsOf(store, write.stream)).length - 1
      return typeof write.expected === 'number' && rule(write.expected, version) ? free(write) : write
    })
    return store.append(await Promise.all(freed), options)
  })
}

/** Reads, checks, and writes in a later turn, without a check. */
function checkingEarly(concerns: (write: StreamWrite) => boolean): Plant {
  return appending(async (store, writes, options) => {
    const [write] = writes
    if (!write || writes.length > 1 || !concerns(write)) return store.append(writes, options)
    const conflict = conflictOf(write, (await eventsOf(store, write.stream)).at(-1))
    await turn()
    return conflict ?? store.append([free(write)], options)
  })
}

function free(write: StreamWrite): StreamWrite {
  return { ...withoutAfter(write), expected: 'any' }
}

function withoutAfter({ after: _, ...write }: StreamWrite): StreamWrite {
  return write
}
