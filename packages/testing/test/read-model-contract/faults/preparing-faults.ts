import { HindcastError, ReadModelOfAnotherLogError } from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { Broken, mixingUp, replaced, turn } from './planting.js'

/** What is wrong with making tables. */
export const preparingFaults: Faults = {
  'makes its tables anew whenever it prepares them': {
    plant: (store, { tables }) =>
      replaced(store, {
        prepare: async (projection, logs) => {
          tables.delete(`${projection.name}_v${projection.version}`)
          await store.prepare(projection, logs)
        },
      }),
    caughtBy: [
      'preparing again, also at the same time, changes nothing',
      'rows and checkpoints are there after reopening',
    ],
  },
  'cannot make tables that are being made': {
    plant: (store, { notes }) =>
      replaced(store, {
        prepare: async (projection, logs) => {
          if (notes.has(projection.name)) throw new Broken(`relation ${projection.name} already exists`)
          notes.set(projection.name, true)
          await turn()
          await store.prepare(projection, logs)
          notes.delete(projection.name)
        },
      }),
    caughtBy: [
      'preparing again, also at the same time, changes nothing',
      'two stores prepare the same new tables at the same time',
    ],
  },
  'forgets the version of a projection': {
    plant: mixingUp(
      () => ({ version: 1 }),
      projection => ({ ...projection, version: 1 }),
    ),
    caughtBy: [
      'each version of a projection has rows and checkpoints of its own',
      'projections, versions, logs and partitions have checkpoints and epochs apart from each other',
      'versions of a projection have requests of their own, also under the same id',
      'partitions, logs and versions have parked and passed events apart from each other',
    ],
  },
  'takes tables with any columns': {
    plant: forgiving('HC_READ_MODEL_SHAPE'),
    caughtBy: ['other columns under the same version are refused, and the rows stay'],
  },
  'goes on with the checkpoints of any log': {
    plant: forgiving('HC_READ_MODEL_OF_ANOTHER_LOG'),
    caughtBy: ['checkpoints of a log that the app does not read are refused, and name it'],
  },
  'ties tables to the logs that they were made for': {
    plant: (store, { notes }) =>
      replaced(store, {
        prepare: async (projection, logs) => {
          const first = (notes.get(projection.name) ?? logs) as readonly string[]
          notes.set(projection.name, first)
          if (first.join() !== logs.join())
            throw new ReadModelOfAnotherLogError(projection.name, projection.version, first, logs)
          await store.prepare(projection, logs)
        },
      }),
    caughtBy: ['tables that were never folded into may be used with any log'],
  },
  'lets unknown projections be claimed': {
    plant: store =>
      replaced(store, {
        claim: at => store.claim(at).catch(() => ({ next: 0n, epoch: 1n, parkedKeys: new Set<string>() })),
      }),
    caughtBy: ['what was not prepared is refused'],
  },
  'makes tables for whoever only looks': {
    plant: store => replaced(store, { look: (projection, logs) => store.prepare(projection, logs) }),
    caughtBy: ['who only looks makes nothing, and finds what is there'],
  },
  'lets whoever only looks take any tables': {
    plant: (store, { tables }) =>
      replaced(store, {
        look: async (projection, logs) => {
          if (tables.has(`${projection.name}_v${projection.version}`))
            await forgiven('HC_READ_MODEL_SHAPE', store.look(projection, logs))
          else await store.look(projection, logs)
        },
      }),
    caughtBy: ['who only looks makes nothing, and finds what is there'],
  },
  'takes SQL that it cannot run': {
    plant: store =>
      replaced(store, {
        prepare: async (projection, logs) => {
          if (projection.kind === 'rows') await store.prepare(projection, logs)
        },
      }),
    caughtBy: ['projections and queries with SQL are refused'],
  },
  'answers SQL that it cannot run with nothing': {
    plant: store =>
      replaced(store, {
        read: async (projection, query, at) =>
          query.kind === 'sql' ? { rows: [] } : store.read(projection, query, at),
      }),
    caughtBy: ['projections and queries with SQL are refused'],
  },
}

/** Does not mind a refusal. */
function forgiving(code: string): Plant {
  return store =>
    replaced(store, {
      prepare: (projection, logs) => forgiven(code, store.prepare(projection, logs)),
    })
}

async function forgiven(code: string, work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof HindcastError && error.code === code)) throw error
  })
}
