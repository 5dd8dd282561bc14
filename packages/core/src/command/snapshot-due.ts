import { CONTEXT } from '../aggregate/context-key.js'
import type { LoadedAggregate } from '../aggregate/emission.js'
import { fingerprintOf } from '../aggregate/fingerprint.js'
import { captureState } from '../aggregate/state.js'
import type { Snapshot } from '../snapshot/snapshot-store.js'
import { LimitExceededError } from '../store/errors.js'
import { LIMITS } from '../store/limits.js'

/** True when the aggregate's policy asks for a snapshot: so many events were folded since the newest one. @internal */
export function isSnapshotDue(root: LoadedAggregate): boolean {
  const { definition, version, snapshotVersion } = root[CONTEXT]
  const every = definition.snapshots?.every
  return every !== undefined && version - snapshotVersion >= every
}

/** True when the aggregate's policy asks for a snapshot when the app stops, and the newest one is not of this state. @internal */
export function isSnapshotDueOnStop(root: LoadedAggregate): boolean {
  const { definition, version, snapshotVersion } = root[CONTEXT]
  return definition.snapshots?.onStop === true && version > snapshotVersion
}

/**
 * The snapshot of a state that has events. It is to be saved only once they are durable.
 *
 * @throws StateNotSerializableError, LimitExceededError
 * @internal
 */
export function snapshotOf(root: LoadedAggregate): Snapshot {
  const context = root[CONTEXT]
  const { definition, stream, version } = context
  // Also when it fails: what cannot be captured now is not tried again at every event.
  context.snapshotVersion = version
  const state = captureState(root)
  const bytes = Buffer.byteLength(state)
  if (bytes > LIMITS.maxSnapshotBytes)
    throw new LimitExceededError(
      `the state of stream "${stream}" in a snapshot`,
      bytes,
      LIMITS.maxSnapshotBytes,
      'bytes',
      'Keep less in the state, or leave the snapshot options out: the aggregate is loaded from its events',
    )
  return { stream, version, lastEventId: context.lastEventId!, fingerprint: fingerprintOf(definition), state }
}
