import { CommandIdReusedError } from '../store/errors.js'
import type { EventStore } from '../store/event-store.js'
import { partitionOf } from '../store/partition.js'
import type { Job } from './job.js'
import type { Executed } from './options.js'
import { decodeResult } from './result.js'

/**
 * The first outcome of a command id; undefined when it was never appended.
 *
 * @throws CommandIdReusedError when it was another command, or one for another stream
 * @internal
 */
export async function executedBefore(job: Job, store: EventStore): Promise<Executed<unknown> | undefined> {
  const recorded = await store.findCommand(
    partitionOf(job.place.partitionKey, store.partitions),
    job.commandId,
  )
  if (!recorded) return undefined
  const name = job.route.handler.commandName
  if (recorded.streams[0] !== job.stream || (recorded.command !== undefined && recorded.command !== name))
    throw new CommandIdReusedError(
      job.commandId,
      `"${recorded.command ?? 'unknown'}" on stream "${recorded.streams[0]}"`,
      `"${name}" on stream "${job.stream}"`,
    )
  return {
    result: decodeResult(recorded.result),
    position: recorded.position,
    version: recorded.versions[0]!,
    repeated: true,
  }
}
