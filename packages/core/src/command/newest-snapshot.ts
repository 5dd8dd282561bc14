import type { AggregateDefinition } from '../aggregate/definition.js'
import { fingerprintOf } from '../aggregate/fingerprint.js'
import type { SnapshotSource } from '../aggregate/load.js'
import { SnapshotDamagedError } from '../snapshot/errors.js'
import type { Snapshot } from '../snapshot/snapshot-store.js'
import type { CommandBusHost } from './job.js'

/**
 * The newest snapshot of a stream; undefined when there is none, when it is damaged, or when the snapshot store fails or
 * gives no answer in half the time of a command. It is only a cache: without it all events are folded.
 *
 * @internal
 */
export function snapshotsOf(
  host: CommandBusHost,
  stream: string,
  definition: AggregateDefinition,
): SnapshotSource {
  const unusable = (error: unknown): void => host.snapshotFailed(stream, error)
  return {
    newest: () =>
      newest(host, stream, fingerprintOf(definition)).catch((error: unknown) => {
        unusable(error)
        return undefined
      }),
    unusable,
    none: events => {
      if (events >= (definition.snapshots?.every ?? 1)) host.snapshotMissing(stream, definition)
    },
  }
}

async function newest(
  { snapshots, commandTimeoutMs }: CommandBusHost,
  stream: string,
  fingerprint: string,
): Promise<Snapshot | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const timeoutMs = commandTimeoutMs / 2
    timer = setTimeout(
      () => reject(new Error(`the snapshot store gave no answer in ${timeoutMs} ms`)),
      timeoutMs,
    )
  })
  try {
    const snapshot = await Promise.race([snapshots.load(stream, fingerprint), late])
    if (snapshot && (snapshot.stream !== stream || snapshot.fingerprint !== fingerprint))
      throw new SnapshotDamagedError(stream, fingerprint, 'the store gave one of another stream or build')
    return snapshot
  } finally {
    clearTimeout(timer)
  }
}
