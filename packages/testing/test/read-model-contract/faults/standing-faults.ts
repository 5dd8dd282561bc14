import type { ReadModelStore, Standing } from '@hindcast/core'
import type { Faults, Plant } from './fault.js'
import { epochOf, replaced } from './planting.js'

/** What is wrong with saying where a projection stands. */
export const standingFaults: Faults = {
  'shows only partitions that were folded': {
    plant: showing(all => all.filter(({ next }) => next > 0n)),
    caughtBy: ['the standing has every partition that was ever claimed, and no other'],
  },
  'counts parked events that are no longer parked': {
    plant: (store, { notes }) =>
      replaced(store, {
        standing: async projection =>
          (await store.standing(projection)).map(each => {
            const name = `${each.log}/${each.partition}`
            const parked = Math.max(each.parked, (notes.get(name) ?? 0) as number)
            notes.set(name, parked)
            return { ...each, parked }
          }),
      }),
    caughtBy: ['the standing has every partition that was ever claimed, and no other'],
  },
  'keeps what an owner said first': {
    plant: store =>
      replaced(store, {
        report: async (at, epoch, report) => {
          const all = await store.standing(at)
          const has = all.some(entry => entry.partition === at.partition && entry.report)
          return has || store.report(at, epoch, report)
        },
      }),
    caughtBy: ['the standing has what the owner said last'],
  },
  'shows every report as of now': {
    plant: showing(all => all.map(each => (each.report ? { ...each, reportAgeMs: 0 } : each))),
    caughtBy: ['the standing says how old the report is'],
  },
  'shows a report without its age': {
    plant: showing(all => all.map(({ reportAgeMs: _, ...each }) => each)),
    caughtBy: ['the standing says how old the report is'],
  },
  'listens to former owners': {
    plant: store =>
      replaced(store, {
        report: async (at, _, report) => store.report(at, await epochOf(store, at), report),
      }),
    caughtBy: ['nothing is kept of what an older owner says, and nothing of it is left to the next'],
  },
  'says that it keeps what former owners say': {
    plant: store =>
      replaced(store, {
        report: async (at, epoch, report) => (await store.report(at, epoch, report)) || true,
      }),
    caughtBy: ['nothing is kept of what an older owner says, and nothing of it is left to the next'],
  },
  'takes a report for a claim': {
    plant: store =>
      replaced(store, {
        report: async (at, _, report) => {
          const { epoch } = await store.claim(at)
          return store.report(at, epoch, report)
        },
      }),
    caughtBy: ['a report moves nothing and fences nobody'],
  },
  'shows only what its own owners say': {
    plant: store => {
      const mine = new Set<bigint>()
      return replaced(store, {
        claim: async at => {
          const claim = await store.claim(at)
          mine.add(claim.epoch)
          return claim
        },
        standing: async projection => await ownOf(store, projection, mine),
      })
    },
    caughtBy: ['any store shows what the owner in another one says'],
  },
}

/** Changes what is shown. */
function showing(change: (all: readonly Standing[]) => readonly Standing[]): Plant {
  return store => replaced(store, { standing: async projection => change(await store.standing(projection)) })
}

async function ownOf(
  store: ReadModelStore,
  projection: Parameters<ReadModelStore['standing']>[0],
  mine: ReadonlySet<bigint>,
): Promise<readonly Standing[]> {
  return (await store.standing(projection)).map(({ report, reportAgeMs, ...each }) =>
    report && mine.has(each.epoch) ? { ...each, report, reportAgeMs: reportAgeMs! } : each,
  )
}
