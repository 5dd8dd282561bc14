/** One worker that takes part in sharing partitions. */
export interface OwnershipMember {
  /** This member shall work on the partition from now on. */
  assigned(partition: number): void
  /** This member shall stop working on the partition; it is given to another one when the promise resolves. */
  revoked(partition: number): Promise<void>
}

/**
 * How the processes of an app share the partitions of a log among their projection workers.
 *
 * It only divides the work. Safety never rests on it: two workers that believe to own one partition are told apart by the
 * fence of the read-model store.
 */
export interface PartitionOwnership {
  /**
   * Joins the group; leaving is disposing.
   *
   * @param group - who shares, for instance a projection's name and version
   * @param partitions - how many partitions the log has
   */
  join(group: string, partitions: number, member: OwnershipMember): Promise<AsyncDisposable>
}
