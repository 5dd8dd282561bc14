import type { SnapshotStore } from '@hindcast/core'

/** How the contract suite gets at the snapshot stores of one implementation. */
export interface SnapshotStoreHarness {
  /** Opens a store without snapshots. */
  open(): Promise<SnapshotStore>
  /** Closes the store and opens it again on the same place. Leave it out when snapshots end with the store. */
  reopen?(store: SnapshotStore): Promise<SnapshotStore>
  /** Opens another store on the place of a store that stays open, as another process would. Leave it out when there is no such thing. */
  second?(store: SnapshotStore): Promise<SnapshotStore>
  /** Changes bytes of a snapshot that is kept. Leave it out when nothing can. */
  damage?(store: SnapshotStore, stream: string, fingerprint: string): Promise<void>
  /** How long one case may take, in milliseconds; a case that takes longer fails. Default 10,000. */
  readonly timeoutMs?: number
}
