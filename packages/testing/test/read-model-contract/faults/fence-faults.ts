import { publishStep } from '@hindcast/core'
import type { Faults } from './fault.js'
import { Broken, collecting, epochOf, mixingUp, transacting, turn } from './planting.js'

/** What is wrong with the fence, and with all or nothing. */
export const fenceFaults: Faults = {
  'does not look at the position': {
    plant: transacting(async (store, fence, work) =>
      store.transact({ ...fence, from: await store.checkpoint(fence) }, work),
    ),
    caughtBy: [
      'the owner goes on from where it stands, and the same transaction again is fenced',
      'a transaction from another position is fenced: behind and ahead of the checkpoint',
    ],
  },
  'takes a position ahead of the checkpoint': {
    plant: transacting(async (store, fence, work) => {
      const at = await store.checkpoint(fence)
      return store.transact({ ...fence, from: fence.from > at ? at : fence.from }, work)
    }),
    caughtBy: ['a transaction from another position is fenced: behind and ahead of the checkpoint'],
  },
  'does not look at the owner': {
    plant: transacting(async (store, fence, work) =>
      store.transact({ ...fence, epoch: await epochOf(store, fence) }, work),
    ),
    caughtBy: [
      'a transaction of an older owner is fenced, from whatever position',
      'a transaction of an owner that was never named is fenced',
      'a claim through one store fences the owner in another',
    ],
  },
  'keeps out older owners only': {
    plant: transacting(async (store, fence, work) => {
      const epoch = await epochOf(store, fence)
      return store.transact({ ...fence, epoch: fence.epoch > epoch ? epoch : fence.epoch }, work)
    }),
    caughtBy: ['a transaction of an owner that was never named is fenced'],
  },
  'lets anybody begin': {
    plant: transacting(async (store, fence, work) =>
      (await epochOf(store, fence)) === 0n
        ? store.transact({ ...fence, epoch: (await store.claim(fence)).epoch }, work)
        : store.transact(fence, work),
    ),
    caughtBy: ['without a claim every transaction is fenced'],
  },
  'runs the work before it looks at the fence': {
    plant: transacting(async (store, fence, work) => {
      const { tx, replay } = collecting(store, fence)
      await work(tx)
      return store.transact(fence, replay)
    }),
    caughtBy: [
      'a fenced transaction does not run its work and changes nothing',
      'a transaction says each step when it is done, with its place and where it leads',
    ],
  },
  'takes a checkpoint that stands still for a lost race': {
    plant: transacting(async (store, fence, work) =>
      fence.next === fence.from ? 'fenced' : store.transact(fence, work),
    ),
    caughtBy: ['a transaction that does not move the checkpoint commits, as often as its owner wants'],
  },
  'keeps rows of work that throws': {
    plant: transacting(async (store, fence, work) => {
      const { tx, replay } = collecting(store, fence)
      try {
        await work(tx)
      } catch (error) {
        await store.transact({ ...fence, next: fence.from }, replay)
        throw error
      }
      return store.transact(fence, replay)
    }),
    caughtBy: ['work that throws changes nothing, and its error is thrown on'],
  },
  'moves the checkpoint although the work throws': {
    plant: transacting((store, fence, work) =>
      store.transact(fence, work).catch(async (error: unknown) => {
        await store.transact(fence, async () => undefined)
        throw error
      }),
    ),
    caughtBy: [
      'work that throws changes nothing, and its error is thrown on',
      'work that throws at once changes nothing',
    ],
  },
  'throws errors of its own': {
    plant: transacting((store, fence, work) =>
      store.transact(fence, work).catch((error: unknown) => {
        throw new Broken(`the transaction failed: ${error instanceof Error ? error.message : ''}`)
      }),
    ),
    caughtBy: ['work that throws changes nothing, and its error is thrown on'],
  },
  'makes late changes outside of the transaction': {
    plant: transacting(async (store, fence, work) => {
      let ended = false
      try {
        return await store.transact(fence, tx =>
          work({
            ...tx,
            save: async changes => {
              await turn()
              if (ended) await store.transact({ ...fence, next: fence.from }, late => late.save(changes))
              else await tx.save(changes)
            },
          }),
        )
      } finally {
        ended = true
      }
    }),
    caughtBy: ['work that throws while a change of it is still on its way changes nothing'],
  },
  'says its steps of another log': {
    plant: mixingUp(
      () => ({ log: 'log-x' }),
      undefined,
      () => ['log-x'],
    ),
    caughtBy: ['a transaction says each step when it is done, with its place and where it leads'],
  },
  'says that it wrote a checkpoint before it looks': {
    plant: transacting((store, fence, work) => {
      publishStep('checkpoint-written', fence)
      return store.transact(fence, work)
    }),
    caughtBy: [
      'a fenced transaction does not say that it wrote its checkpoint',
      'a transaction says each step when it is done, with its place and where it leads',
    ],
  },
  'says that it wrote rows whose work threw': {
    plant: transacting(async (store, fence, work) =>
      store.transact(fence, work).finally(() => publishStep('rows-written', fence)),
    ),
    caughtBy: ['a transaction whose work throws does not say that it wrote its rows'],
  },
}
