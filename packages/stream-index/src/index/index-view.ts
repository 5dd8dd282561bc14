import { LogIntegrityError } from '@hindcast/core'
import type { Environment } from '../environment/environment.js'
import { checkPage, pageSlots } from '../page/stream-page.js'
import { checkAppend } from '../record/check-append.js'
import { Arena } from '../record/arena.js'
import { StoredAppend } from '../record/stored-append.js'
import { writeTo } from '../record/stored-write.js'
import type { StoredEvent } from '../record/stored-event.js'
import { decodePartition, type PartitionState } from './partition-state.js'
import { decodeHead, type StreamHead } from './stream-head.js'

/**
 * What the index says, one look-up a question, synchronous. Outside a transaction an event turn sees one snapshot; inside a
 * transaction, what that has written.
 */
export class IndexView {
  private readonly arena = new Arena()

  constructor(private readonly environment: Environment) {}

  /** Where a stream stands; undefined for one without events. */
  head(stream: string): StreamHead | undefined {
    const bytes = this.environment.heads.peek(stream)
    return bytes && decodeHead(bytes)
  }

  /** How far a partition has come. @throws LogIntegrityError when the index knows nothing of it. */
  partition(partition: number): PartitionState {
    const bytes = this.environment.about.peek(partition)
    if (!bytes) throw missing(`the state of partition ${partition}`, { partition })
    return decodePartition(bytes, bytes.length)
  }

  /** The append that was made under a command id. */
  command(partition: number, commandId: string): StoredAppend | undefined {
    const bytes = this.environment.commands.peek({ commandId, partition })
    return bytes && this.append(partition, bytes.readUIntLE(0, 6))
  }

  /** The append whose first event has this offset. @throws LogIntegrityError when there is none. */
  append(partition: number, offset: number): StoredAppend {
    const found = this.findAppend(partition, offset)
    if (!found)
      throw missing(`the append at offset ${offset} of partition ${partition}`, { partition, offset })
    return found
  }

  /** The append whose first event has this offset, if there is one. */
  findAppend(partition: number, offset: number): StoredAppend | undefined {
    const bytes = this.environment.log.peek({ partition, offset })
    if (!bytes) return undefined
    const { length } = bytes
    this.arena.keep(bytes, length)
    const { buffer, at } = this.arena
    checkAppend(buffer, at, length, partition, offset)
    return new StoredAppend(buffer, at, length, partition, offset)
  }

  /** The appends of a page of a stream. @throws LogIntegrityError when there is no such page. */
  page(stream: string, firstVersion: number, partition: number): StoredAppend[] {
    const bytes = this.environment.pages.peek({ stream, firstVersion })
    if (!bytes)
      throw missing(`the page of stream "${stream}" at version ${firstVersion}`, {
        stream,
        version: firstVersion,
      })
    this.arena.keep(bytes, bytes.length)
    const { buffer, at } = this.arena
    checkPage(buffer.subarray(at, at + bytes.length), stream, firstVersion)
    return pageSlots(buffer, at, bytes.length).map(slot =>
      slot.length > 0
        ? new StoredAppend(buffer, slot.at, slot.length, partition, slot.offset)
        : this.append(partition, slot.offset),
    )
  }

  /** The id of the last event of a stream, whose head this is. */
  lastEventId(stream: string, head: StreamHead): string {
    if (head.lastEventId !== undefined) return head.lastEventId
    const events: StoredEvent[] = []
    const append = this.append(head.partition, head.lastAppend)
    writeTo(append, stream)?.collect(events, stream, head.version, head.version)
    const last = events[0]
    if (!last) throw missing(`the last event of stream "${stream}"`, { stream, version: head.version })
    return last.id
  }
}

function missing(what: string, context: Record<string, string | number>): LogIntegrityError {
  return new LogIntegrityError(`${what} is missing. Restore the folder from a backup`, context)
}
