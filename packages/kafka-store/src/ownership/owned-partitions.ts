import type { OwnershipMember } from '@hindcast/core'

/** The partitions that a member works on, from `assigned` until its `revoked` has resolved. */
export class OwnedPartitions {
  private readonly owned = new Set<number>()

  constructor(private readonly worker: OwnershipMember) {}

  /** In order. */
  get list(): readonly number[] {
    return [...this.owned].toSorted((a, b) => a - b)
  }

  /** Begins to work on partitions. */
  take(partitions: readonly number[]): void {
    for (const partition of partitions) {
      if (this.owned.has(partition)) continue
      this.owned.add(partition)
      this.worker.assigned(partition)
    }
  }

  /** Those that are not in an assignment. */
  without(assignment: readonly number[]): readonly number[] {
    return this.list.filter(partition => !assignment.includes(partition))
  }

  /**
   * Stops working on partitions. A worker that fails to let go has let go: the fence of the read-model store keeps it from
   * doing harm.
   */
  async release(partitions: readonly number[]): Promise<void> {
    await Promise.allSettled(partitions.map(async partition => this.worker.revoked(partition)))
    for (const partition of partitions) this.owned.delete(partition)
  }
}
