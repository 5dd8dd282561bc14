/** The state of an aggregate after an event of its stream, so that loading need not replay what came before. */
export interface Snapshot {
  /** The stream whose state it is. */
  readonly stream: string
  /** The version of the last event folded into the state. */
  readonly version: number
  /** The id of that event: where the log has another one at this version, the state is of another history and is not used. */
  readonly lastEventId: string
  /** Names the code that the state belongs to; a snapshot of another build is never read. 1 to 64 of `[A-Za-z0-9_-]`. */
  readonly fingerprint: string
  /** JSON text, at most `LIMITS.maxSnapshotBytes` in UTF-8. */
  readonly state: string
}

/** Of so many builds a store keeps a snapshot of a stream, those saved last: old builds and new ones run side by side, dead ones end. */
export const SNAPSHOT_BUILDS = 3

/**
 * Where snapshots are kept. It is only a cache: losing it costs time, never truth, and it may forget any of them at any time.
 */
export interface SnapshotStore extends AsyncDisposable {
  /**
   * The newest snapshot of the stream with this fingerprint.
   *
   * @throws SnapshotDamagedError when what was kept is not what was saved; StoreClosedError
   */
  load(stream: string, fingerprint: string): Promise<Snapshot | undefined>
  /**
   * The fingerprints of the stream's snapshots, in no order, of damaged ones too: what builds have kept of it.
   *
   * @throws StoreClosedError
   */
  fingerprints(stream: string): Promise<readonly string[]>
  /**
   * Keeps the snapshot, replacing an older one of the same stream and fingerprint; an older one never replaces a newer, and
   * one of another fingerprint is never replaced, unless it is older than those of {@link SNAPSHOT_BUILDS} others.
   *
   * @throws StoreClosedError
   */
  save(snapshot: Snapshot): Promise<void>
}
