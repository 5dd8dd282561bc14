import type { CheckpointKey, Claim } from '@hindcast/core'
import type { Faults } from './fault.js'
import { admits, Broken, collecting, epochOf, mixingUp, replaced, transacting } from './planting.js'

const nameOf = ({ projection, version, log, partition }: CheckpointKey): string =>
  `${projection}_v${version}/${log}/${partition}`

/** What is wrong with owning a checkpoint. */
export const claimFaults: Faults = {
  'begins behind the first offset': {
    plant: store =>
      replaced(store, {
        claim: async at => {
          const claim = await store.claim(at)
          return claim.next === 0n ? { ...claim, next: 1n } : claim
        },
      }),
    caughtBy: ['the first claim begins at offset 0, with nothing parked'],
  },
  'has one epoch for every owner': {
    plant: store =>
      replaced(store, {
        claim: async at => ({ ...(await store.claim(at)), epoch: 1n }),
        transact: async (fence, work) =>
          store.transact({ ...fence, epoch: fence.epoch === 1n ? await epochOf(store, fence) : 0n }, work),
      }),
    caughtBy: [
      'every claim raises the epoch, also after reopening, and moves nothing',
      'a transaction of an older owner is fenced, from whatever position',
    ],
  },
  'gives claims that race one epoch': {
    plant: store => {
      const running = new Map<string, Promise<Claim>>()
      return replaced(store, {
        claim: at => {
          const name = nameOf(at)
          let claim = running.get(name)
          if (!claim) running.set(name, (claim = store.claim(at).finally(() => running.delete(name))))
          return claim
        },
      })
    },
    caughtBy: ['claims that race get an epoch each, and only the highest may go on'],
  },
  'knows only the claims that went through itself': {
    plant: store => {
      const mine = new Map<string, bigint>()
      return replaced(store, {
        claim: async at => {
          const claim = await store.claim(at)
          mine.set(nameOf(at), claim.epoch)
          return claim
        },
        transact: async (fence, work) => {
          const epoch = mine.get(nameOf(fence)) === fence.epoch ? await epochOf(store, fence) : 0n
          return store.transact({ ...fence, epoch }, work)
        },
      })
    },
    caughtBy: ['a claim through one store fences the owner in another'],
  },
  'forgets the log of a checkpoint': {
    plant: mixingUp(() => ({ log: 'log-a' })),
    caughtBy: [
      'projections, versions, logs and partitions have checkpoints and epochs apart from each other',
      'partitions, logs and versions have parked and passed events apart from each other',
      'a read says how far the asked partition has come, and no other',
    ],
  },
  'has one checkpoint for all partitions': {
    plant: mixingUp(() => ({ partition: 0 })),
    caughtBy: [
      'projections, versions, logs and partitions have checkpoints and epochs apart from each other',
      'partitions move independently of each other, also at the same time',
      'partitions, logs and versions have parked and passed events apart from each other',
    ],
  },
  'refuses to speak of what nobody claimed': {
    plant: store =>
      replaced(store, {
        checkpoint: async at => {
          if ((await epochOf(store, at)) === 0n) throw new Broken(`${nameOf(at)} has no checkpoint`)
          return store.checkpoint(at)
        },
      }),
    caughtBy: ['what is asked of a partition that nobody claimed is answered as if at its beginning'],
  },
  'looks at the fence first and commits later': {
    plant: transacting(async (store, fence, work) => {
      if (!(await admits(store, fence))) return 'fenced'
      const { tx, replay } = collecting(store, fence)
      await work(tx)
      const from = await store.checkpoint(fence)
      return store.transact({ ...fence, from, epoch: await epochOf(store, fence) }, replay)
    }),
    caughtBy: [
      'a claim beside a running transaction knows whether that was committed',
      'of transactions that race from one position exactly one is committed',
      'of transactions that race through two stores exactly one is committed',
    ],
  },
}
