import type { ParkedRequest, ReadModelStore, ReadModelTx, RequestOutcome } from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { Broken, givingWork, offsetsOf, replaced, transacting } from './planting.js'

/** What is wrong with parked and passed events, and with requests about them. */
export const parkingFaults: Faults = {
  'lists parked events backwards': {
    plant: store => replaced(store, { parked: async at => (await store.parked(at)).toReversed() }),
    caughtBy: ['parked events are listed in the order of the log, with everything that was said of them'],
  },
  'keeps what was said first of a parked event': {
    plant: givingWork((tx, fence, store) => ({
      park: async events => {
        const there = offsetsOf(await store.parked(fence))
        await tx.park(events.filter(({ offset }) => !there.has(offset)))
      },
    })),
    caughtBy: ['an event that is parked again is replaced'],
  },
  'takes nothing out of what is parked': {
    plant: givingWork((): Partial<ReadModelTx> => ({ unpark: async () => undefined })),
    caughtBy: ['an event that is taken out is parked no longer, and taking out none is harmless'],
  },
  'refuses to take out what is not parked': {
    plant: givingWork((tx, fence, store) => ({
      unpark: async offsets => {
        const there = offsetsOf(await store.parked(fence))
        if (offsets.some(offset => !there.has(offset))) throw new Broken('not parked')
        await tx.unpark(offsets)
      },
    })),
    caughtBy: ['an event that is taken out is parked no longer, and taking out none is harmless'],
  },
  'takes out what is parked at the end of the transaction': {
    plant: transacting((store, fence, work) =>
      store.transact(fence, async tx => {
        const offsets: bigint[] = []
        await work({ ...tx, unpark: async given => void offsets.push(...given) })
        await tx.unpark(offsets)
      }),
    ),
    caughtBy: ['an event that is taken out and parked again in one transaction is parked'],
  },
  'tells the next owner the first key of each parked event': {
    plant: claiming(async (store, at) => (await store.parked(at)).flatMap(({ keys }) => keys.slice(0, 1))),
    caughtBy: ['the next owner is told the keys of all that is parked, and of nothing else'],
  },
  'tells the next owner keys that are parked no longer': {
    plant: (store, { notes }) => {
      const ever = (notes.get('ever') ?? new Set()) as Set<string>
      notes.set('ever', ever)
      return replaced(store, {
        claim: async at => {
          const claim = await store.claim(at)
          for (const key of claim.parkedKeys) ever.add(key)
          return { ...claim, parkedKeys: ever }
        },
      })
    },
    caughtBy: ['the next owner is told the keys of all that is parked, and of nothing else'],
  },
  'lists passed events backwards': {
    plant: store => replaced(store, { passed: async at => (await store.passed(at)).toReversed() }),
    caughtBy: ['passed events are kept for ever, in the order of the log, with why'],
  },
  'keeps what was said first of a passed event': {
    plant: store => {
      const passed = new Set<bigint>()
      return replaced(store, {
        transact: (fence, work) =>
          store.transact(fence, tx =>
            work({
              ...tx,
              pass: async events => {
                await tx.pass(events.filter(({ offset }) => !passed.has(offset)))
                for (const { offset } of events) passed.add(offset)
              },
            }),
          ),
      })
    },
    caughtBy: ['an event is passed once, also when it was parked before'],
  },
  'lists requests by their ids': {
    plant: requesting(requests => requests.toSorted((a, b) => (a.id < b.id ? -1 : 1))),
    caughtBy: ['open requests are listed in the order in which they were made, with all that was asked'],
  },
  'forgets the reason of a request': {
    plant: requesting(requests => requests.map(request => ({ ...request, reason: '' }))),
    caughtBy: ['open requests are listed in the order in which they were made, with all that was asked'],
  },
  'replaces a request that is made again': {
    plant: (store, { notes }) =>
      replaced(store, {
        request: async request => {
          notes.set(request.id, request)
          await store.request(request)
        },
        requests: async projection =>
          (await store.requests(projection)).map(({ id }) => notes.get(id) as ParkedRequest),
      }),
    caughtBy: ['a request that is made again under its id is one request, also when it was answered'],
  },
  'lists answered requests too': {
    plant: (store, { notes }) =>
      replaced(store, {
        request: async request => {
          notes.set(request.id, request)
          await store.request(request)
        },
        requests: async () => [...notes.values()] as ParkedRequest[],
      }),
    caughtBy: ['an answered request is open no longer, and its answer can be asked for'],
  },
  'forgets why a request left something parked': {
    plant: store =>
      replaced(store, {
        answerTo: async (projection, id): Promise<RequestOutcome | undefined> => {
          const outcome = await store.answerTo(projection, id)
          if (!outcome) return undefined
          const { error: _, ...rest } = outcome
          return rest
        },
      }),
    caughtBy: ['an answered request is open no longer, and its answer can be asked for'],
  },
  'refuses to answer what nobody asked': {
    plant: givingWork((tx, fence, store) => ({
      answer: async (id, outcome) => {
        if (!(await store.requests(fence)).some(request => request.id === id)) throw new Broken(`no ${id}`)
        await tx.answer(id, outcome)
      },
    })),
    caughtBy: ['an unknown request has no answer, and answering it is harmless'],
  },
  'keeps requests to itself': {
    plant: store => {
      const mine = new Set<string>()
      return replaced(store, {
        request: async request => {
          mine.add(request.id)
          await store.request(request)
        },
        requests: async projection => (await store.requests(projection)).filter(({ id }) => mine.has(id)),
      })
    },
    caughtBy: ['a request that is made through one store is answered through another'],
  },
}

/** Changes the keys that a claim tells. */
function claiming(
  keysOf: (store: ReadModelStore, at: Parameters<ReadModelStore['claim']>[0]) => Promise<readonly string[]>,
): Plant {
  return store =>
    replaced(store, {
      claim: async at => ({ ...(await store.claim(at)), parkedKeys: new Set(await keysOf(store, at)) }),
    })
}

/** Changes the open requests. */
function requesting(change: (requests: readonly ParkedRequest[]) => readonly ParkedRequest[]): Plant {
  return store => replaced(store, { requests: async projection => change(await store.requests(projection)) })
}
