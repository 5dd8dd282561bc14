import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryOwnership, type PartitionOwnership } from '../../../src/index.js'

/** A member that notes what it owns, and what two of its group own at once. */
class Worker {
  readonly owned = new Set<number>()
  moves = 0
  membership: AsyncDisposable | undefined

  static async join(
    ownership: PartitionOwnership,
    partitions: number,
    inUse: Set<number>,
    letGo: () => Promise<void> = async () => undefined,
  ): Promise<Worker> {
    const worker = new Worker()
    worker.membership = await ownership.join('group', partitions, {
      assigned(partition) {
        if (inUse.has(partition)) throw new Error(`partition ${partition} is owned twice`)
        inUse.add(partition)
        worker.owned.add(partition)
        worker.moves++
      },
      async revoked(partition) {
        await letGo()
        if (!worker.owned.delete(partition)) throw new Error(`partition ${partition} was not owned`)
        inUse.delete(partition)
      },
    })
    return worker
  }

  leave(): PromiseLike<void> {
    return this.membership![Symbol.asyncDispose]()
  }
}

describe('sharing partitions in one process', () => {
  it('gives everything to the only member', async () => {
    const worker = await Worker.join(memoryOwnership(), 8, new Set())
    expect(worker.owned).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]))
  })

  it('moves only what it must', async () => {
    const ownership = memoryOwnership()
    const inUse = new Set<number>()
    const first = await Worker.join(ownership, 8, inUse)
    const second = await Worker.join(ownership, 8, inUse)
    const third = await Worker.join(ownership, 8, inUse)
    expect([first, second, third].map(worker => worker.owned.size)).toEqual([3, 3, 2])
    expect(first.moves + second.moves + third.moves).toBe(8 + 4 + 2)
  })

  it('keeps every partition with exactly one member, evenly, whoever comes and goes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(5), { maxLength: 12 }),
        async (partitions, acts) => {
          const ownership = memoryOwnership()
          const inUse = new Set<number>()
          const members: Worker[] = []
          for (const act of acts) {
            if (act > 2 || members.length === 0)
              members.push(await Worker.join(ownership, partitions, inUse, () => Promise.resolve()))
            else await members.splice(act % members.length, 1)[0]!.leave()
            const sizes = members.map(member => member.owned.size)
            expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(members.length === 0 ? 0 : partitions)
            expect(Math.max(0, ...sizes) - Math.min(partitions, ...sizes)).toBeLessThanOrEqual(1)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('stays whole when all join and leave at the same time', async () => {
    const ownership = memoryOwnership()
    const inUse = new Set<number>()
    const members = await Promise.all(Array.from({ length: 5 }, () => Worker.join(ownership, 8, inUse)))
    await Promise.all(members.slice(1).map(member => member.leave()))
    expect(members[0]!.owned.size).toBe(8)
  })

  it('hands a partition on only after the member before has let go of it', async () => {
    const ownership = memoryOwnership()
    let letGo!: () => void
    const holding = new Promise<void>(resolve => (letGo = resolve))
    const inUse = new Set<number>()
    const first = await Worker.join(ownership, 2, inUse, () => holding)
    const joining = Worker.join(ownership, 2, inUse)
    expect(await Promise.race([joining, new Promise(resolve => setImmediate(() => resolve('waits')))])).toBe(
      'waits',
    )
    expect(first.owned.size).toBe(2)
    letGo()
    expect((await joining).owned.size).toBe(1)
  })

  it('goes on when a member fails to let go, and when one leaves twice', async () => {
    const ownership = memoryOwnership()
    const failing = await ownership.join('group', 2, {
      assigned: () => undefined,
      revoked: () => {
        throw new Error('stuck')
      },
    })
    const second = await Worker.join(ownership, 2, new Set())
    expect(second.owned.size).toBe(1)
    await failing[Symbol.asyncDispose]()
    await failing[Symbol.asyncDispose]()
    expect(second.owned.size).toBe(2)
  })

  it('refuses a group whose members see another number of partitions', async () => {
    const ownership = memoryOwnership()
    await Worker.join(ownership, 8, new Set())
    await expect(Worker.join(ownership, 4, new Set())).rejects.toMatchObject({
      code: 'HC_OWNERSHIP',
      context: { group: 'group', partitions: 8, asked: 4 },
    })
  })
})
