import { OwnershipError } from './errors.js'
import type { OwnershipMember, PartitionOwnership } from './partition-ownership.js'

interface Seat {
  readonly member: OwnershipMember
  readonly owned: Set<number>
}

/**
 * Shares partitions among the members of one process: as evenly as possible, moving as few as possible. A partition is
 * given to its next owner only when the one before has let go of it.
 */
export function memoryOwnership(): PartitionOwnership {
  const groups = new Map<string, Group>()
  return {
    async join(name, partitions, member): Promise<AsyncDisposable> {
      let group = groups.get(name)
      if (!group) groups.set(name, (group = new Group(partitions)))
      if (group.partitions !== partitions) throw new OwnershipError(name, group.partitions, partitions)
      return group.join(member)
    },
  }
}

class Group {
  readonly partitions: number
  readonly #seats: Seat[] = []
  #last: Promise<void> = Promise.resolve()

  constructor(partitions: number) {
    this.partitions = partitions
  }

  async join(member: OwnershipMember): Promise<AsyncDisposable> {
    const seat: Seat = { member, owned: new Set() }
    await this.#inTurn(async () => {
      this.#seats.push(seat)
      await this.#rebalance()
    })
    let left: Promise<void> | undefined
    return { [Symbol.asyncDispose]: () => (left ??= this.#inTurn(() => this.#leave(seat))) }
  }

  async #leave(seat: Seat): Promise<void> {
    this.#seats.splice(this.#seats.indexOf(seat), 1)
    await release(seat, [...seat.owned])
    await this.#rebalance()
  }

  async #rebalance(): Promise<void> {
    const shares = this.#fairShares()
    await Promise.all(
      [...shares].map(([seat, share]) => release(seat, [...seat.owned].toSorted(ascending).slice(share))),
    )
    const free = this.#free()
    for (const [seat, share] of shares)
      while (seat.owned.size < share) {
        const partition = free.shift()!
        seat.owned.add(partition)
        seat.member.assigned(partition)
      }
  }

  /** How many partitions each member gets; who has most keeps the odd ones. */
  #fairShares(): ReadonlyMap<Seat, number> {
    const byOwned = this.#seats.toSorted((a, b) => b.owned.size - a.owned.size)
    const base = Math.floor(this.partitions / byOwned.length)
    const odd = this.partitions % byOwned.length
    return new Map(byOwned.map((seat, index) => [seat, index < odd ? base + 1 : base]))
  }

  #free(): number[] {
    const taken = new Set(this.#seats.flatMap(seat => [...seat.owned]))
    return Array.from({ length: this.partitions }, (_, partition) => partition).filter(p => !taken.has(p))
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}

/** A member that fails to let go has let go: the fence of the read-model store keeps it from doing harm. */
async function release(seat: Seat, partitions: readonly number[]): Promise<void> {
  await Promise.allSettled(partitions.map(async partition => seat.member.revoked(partition)))
  for (const partition of partitions) seat.owned.delete(partition)
}

function ascending(a: number, b: number): number {
  return a - b
}
