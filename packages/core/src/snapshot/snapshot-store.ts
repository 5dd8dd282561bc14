/** The state of an aggregate after an event of its stream, so that loading need not replay what came before. */
export interface Snapshot {
  /** The stream whose state it is. */
  readonly stream: string
  /** The version of the last event folded into the state. */
  readonly version: number
  /** Names the code that the state belongs to; a snapshot of another build is never read. */
  readonly fingerprint: string
  /** JSON text. */
  readonly state: string
}

/**
 * Where snapshots are kept. It is only a cache: losing it costs time, never truth.
 */
export interface SnapshotStore extends AsyncDisposable {
  /** The newest snapshot of the stream with this fingerprint. */
  load(stream: string, fingerprint: string): Promise<Snapshot | undefined>
  /** Keeps the snapshot, replacing an older one of the same stream and fingerprint; an older one never replaces a newer. */
  save(snapshot: Snapshot): Promise<void>
}
