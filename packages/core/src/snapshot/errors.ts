import { HindcastError } from '../error/hindcast-error.js'

/** A snapshot that was kept cannot be used: its bytes or its state are not what was saved. The aggregate is loaded from its events. */
export class SnapshotDamagedError extends HindcastError<'HC_SNAPSHOT_DAMAGED'> {
  override readonly name = 'SnapshotDamagedError'
  constructor(stream: string, fingerprint: string, reason: string, options: ErrorOptions = {}) {
    super(
      'HC_SNAPSHOT_DAMAGED',
      `the snapshot of stream "${stream}" (fingerprint ${fingerprint}) is not used: ${reason}. The aggregate is loaded from its events, ` +
        'and the next snapshot replaces this one. If there are more of these, check the disk',
      { stream, fingerprint, reason },
      options,
    )
  }
}

/** So many snapshots wait for the store that one was left out; the next one of its stream is taken as usual. */
export class SnapshotBacklogError extends HindcastError<'HC_SNAPSHOT_BACKLOG'> {
  override readonly name = 'SnapshotBacklogError'
  constructor(stream: string, waiting: number, bytes: number) {
    super(
      'HC_SNAPSHOT_BACKLOG',
      `the snapshot of stream "${stream}" was left out: ${waiting} snapshots (${bytes} bytes) wait for the snapshot store already. ` +
        'Commands go on. Raise snapshotEvery, or look at what makes the store slow',
      { stream, waiting, bytes },
    )
  }
}

/** A snapshot was asked for of an aggregate that has no policy, so that nobody would ever read it. */
export class SnapshotPolicyMissingError extends HindcastError<'HC_SNAPSHOT_POLICY_MISSING'> {
  override readonly name = 'SnapshotPolicyMissingError'
  constructor(aggregate: string, category: string) {
    super(
      'HC_SNAPSHOT_POLICY_MISSING',
      `${aggregate} has no snapshot policy, so that a snapshot of it would never be read; none was taken. ` +
        `Write @Aggregate('${category}', { snapshotEvery: 100 }), or { snapshotVersion: 1 } for snapshots taken by hand only`,
      { aggregate, category },
    )
  }
}
