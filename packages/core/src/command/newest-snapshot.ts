import { fingerprintOf } from '../aggregate/fingerprint.js'
import type { Snapshot } from '../snapshot/snapshot-store.js'
import type { CommandBusHost, Job } from './job.js'

/**
 * The newest snapshot of a command's stream; undefined when there is none, when it is damaged, or when the snapshot store
 * fails or gives no answer in half the command's time. It is only a cache: without it all events are folded.
 *
 * @internal
 */
export async function newestSnapshot(
  { snapshots, snapshotFailed, commandTimeoutMs }: CommandBusHost,
  { stream, route }: Job,
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
    const snapshot = await Promise.race([snapshots.load(stream, fingerprintOf(route.aggregate)), late])
    if (snapshot) JSON.parse(snapshot.state)
    return snapshot
  } catch (error) {
    snapshotFailed(stream, error)
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
