import assert from 'node:assert/strict'
import type {
  CheckpointKey,
  Claim,
  Fence,
  ProjectionDefinition,
  ReadModelStore,
  ReadModelTx,
} from '@hindcast/core'
import { COUNTERS } from './projections.js'

/** The work of a transaction that only moves the checkpoint. */
export async function nothing(): Promise<void> {}

/** The checkpoint of a projection in a partition of the first log. */
export function placeOf(
  { name, version }: Pick<ProjectionDefinition, 'name' | 'version'> = COUNTERS,
  partition = 0,
): CheckpointKey {
  return { projection: name, version, log: 'log-a', partition }
}

/** Where most clauses play. */
export const HERE: CheckpointKey = placeOf()

/** A worker that owns a partition and folds it, offset by offset. */
export class Owner {
  readonly #store: ReadModelStore
  readonly #at: CheckpointKey
  /** What the claim said. */
  readonly claim: Claim
  /** Where it stands. */
  next: bigint

  private constructor(store: ReadModelStore, at: CheckpointKey, claim: Claim) {
    this.#store = store
    this.#at = at
    this.claim = claim
    this.next = claim.next
  }

  /** Claims the partition. */
  static async of(store: ReadModelStore, at: CheckpointKey = HERE): Promise<Owner> {
    return new Owner(store, at, await store.claim(at))
  }

  /** What its next transaction demands; parts of it may be changed. */
  fence(changed: Partial<Fence> = {}): Fence {
    return { ...this.#at, from: this.next, epoch: this.claim.epoch, next: this.next + 1n, ...changed }
  }

  /** Moves the checkpoint by one, or to the given offset, and does the work. */
  async commit(
    work: (tx: ReadModelTx) => Promise<void> = nothing,
    next: bigint = this.next + 1n,
  ): Promise<void> {
    assert.equal(await this.#store.transact(this.fence({ next }), work), 'committed', 'the owner must commit')
    this.next = next
  }

  /** Its transaction must be fenced: without running the work. */
  async fencedOut(changed: Partial<Fence> = {}): Promise<void> {
    const result = await this.#store.transact(this.fence(changed), async () =>
      assert.fail('the work of a fenced transaction must not run'),
    )
    assert.equal(result, 'fenced')
  }
}
