import { CONTEXT } from '../aggregate/context-key.js'
import type { AggregateDefinition } from '../aggregate/definition.js'
import { loadAggregate } from '../aggregate/load.js'
import { SnapshotPolicyMissingError } from '../snapshot/errors.js'
import type { StreamVersion } from '../store/event-store.js'
import { streamId } from '../store/stream-id.js'
import type { CommandBusHost } from './job.js'
import { snapshotsOf } from './newest-snapshot.js'
import { snapshotOf } from './snapshot-due.js'

/**
 * Loads an aggregate, beside the commands on it, and keeps a snapshot of its state.
 *
 * @returns the version it was taken at; `'none'` for a stream without events, of which there is no snapshot
 * @throws SnapshotPolicyMissingError, StreamIdError, StateNotSerializableError, LimitExceededError, and what the snapshot store throws
 * @internal
 */
export async function takeSnapshot(
  host: CommandBusHost,
  definition: AggregateDefinition,
  key: string,
): Promise<StreamVersion> {
  const { type, category, snapshots } = definition
  if (!snapshots) throw new SnapshotPolicyMissingError(type.name, category)
  const stream = streamId(category, key)
  const source = snapshotsOf(host, stream, definition)
  const { root } = await loadAggregate(definition, host.catalog, stream, key, host.store, source)
  const { version } = root[CONTEXT]
  if (version < 0) return 'none'
  await host.snapshots.save(snapshotOf(root))
  return version
}
