import { CONTEXT } from '../aggregate/context-key.js'
import type { LoadedAggregate } from '../aggregate/emission.js'
import { fingerprintOf } from '../aggregate/fingerprint.js'
import { captureState } from '../aggregate/state.js'
import type { Snapshot } from '../snapshot/snapshot-store.js'

/** A snapshot to save once its events are durable. @internal */
export type DueSnapshot = Omit<Snapshot, 'stream'>

/** The snapshot that the aggregate's policy asks for after events were emitted on top of version `base`. @internal */
export function snapshotDue(root: LoadedAggregate, base: number): DueSnapshot | undefined {
  const { definition, version } = root[CONTEXT]
  const every = definition.snapshotEvery
  if (every === undefined || Math.floor((version + 1) / every) === Math.floor((base + 1) / every))
    return undefined
  return { version, fingerprint: fingerprintOf(definition), state: captureState(root) }
}
