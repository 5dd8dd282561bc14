import {
  makePosition,
  parseStreamId,
  partitionOf,
  type AggregateDefinition,
  type EventStore,
  type RecordedEvent,
} from '@hindcast/core'
import { ExportEventError } from './errors.js'
import type { ExportedEvent } from './exported-event.js'

/**
 * An append with what a log with other partitions needs to know of it: the partition keys, and its command, which the last
 * event carries.
 *
 * @throws ExportEventError where a payload is no JSON object, or the code does not put the stream where the log has it
 */
export async function exportedAppend(
  store: EventStore,
  aggregates: readonly AggregateDefinition[],
  append: readonly RecordedEvent[],
): Promise<readonly ExportedEvent[]> {
  const { partition, commandId } = append[0]!
  const known = await store.findCommand(partition, commandId)
  return append.map((recorded, index) => {
    const { id, type, schemaVersion, stream, version, offset, time, data, metadata } = recorded
    const refuse = (reason: string, remedy: string): never => {
      throw new ExportEventError(makePosition(store.logId, partition, offset), type, stream, reason, remedy)
    }
    const { category, key } = parseStreamId(stream)
    const aggregate = aggregates.find(each => each.category === category)
    if (!aggregate)
      return refuse(
        `no aggregate has the category "${category}", so nobody knows what shares a partition with its streams`,
        "Add its class to the app's aggregates",
      )
    const partitionKey = aggregate.partitionBy?.(key) ?? stream
    const home = partitionOf(partitionKey, store.partitions)
    if (home !== partition)
      return refuse(
        `its partition key "${partitionKey}" names partition ${home}, and the log has it in ${partition}`,
        `Restore the partitionBy of ${aggregate.type.name} with which it was written`,
      )
    if (!isObject(data))
      return refuse(
        'its payload is no JSON object',
        'A log whose backup has the event whole can be exported instead',
      )
    return {
      ...{ id, type, schemaVersion, stream, version, partition, offset, time, data, commandId, metadata },
      ...{ logId: store.logId, partitionKey },
      ...(index === append.length - 1 && {
        ...(known?.command !== undefined && { command: known.command }),
        ...(known?.result !== undefined && { result: known.result }),
      }),
    }
  })
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
