import { createHash } from 'node:crypto'

/** The slot of a group that its members hold together; partitions are below it. */
const MEMBERS = 0xff_ff

/**
 * The advisory locks of a group: 48 bits of a hash of its name, and 16 bits that say which partition. They are bigints, one
 * half of which stands in `classid` and one in `objid` of pg_locks.
 */
export class GroupLocks {
  readonly #group: bigint

  constructor(group: string) {
    this.#group = BigInt(createHash('sha256').update(group).digest().readUIntBE(0, 6))
  }

  /** What every member holds, shared. */
  get members(): bigint {
    return this.partition(MEMBERS)
  }

  /** What the owner of a partition holds. */
  partition(partition: number): bigint {
    return BigInt.asIntN(64, (this.#group << 16n) | BigInt(partition))
  }

  /** Which lock of the group it is; undefined for one of another group. */
  slotOf(key: bigint): 'members' | number | undefined {
    const unsigned = BigInt.asUintN(64, key)
    if (unsigned >> 16n !== this.#group) return undefined
    const slot = Number(unsigned & 0xff_ffn)
    return slot === MEMBERS ? 'members' : slot
  }
}
