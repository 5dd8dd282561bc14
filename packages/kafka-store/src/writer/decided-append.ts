import { makePosition, type Appended, type AppendMetadata } from '@hindcast/core'
import type { PlacedAppend, PlacedWrite } from '../index/placed-append.js'
import type { EncodableAppend, EncodableWrite } from '../record/batch-encoder.js'
import type { PendingAppend } from './pending-append.js'

/** What an append is to give to one stream. */
export type DecidedWrite = EncodableWrite & PlacedWrite

/** An append as the log is to hold it; it has its place when its batch has one. */
export class DecidedAppend implements PlacedAppend, EncodableAppend {
  /** Of its first event. */
  offset = -1
  readonly commandId: string
  readonly command: string | undefined
  readonly result: string | undefined
  readonly metadata: AppendMetadata | undefined

  constructor(
    { options }: PendingAppend,
    readonly partition: number,
    readonly time: number,
    readonly writes: readonly DecidedWrite[],
  ) {
    this.commandId = options.commandId
    this.command = options.command
    this.result = options.result
    this.metadata = options.metadata
  }

  /** The answer to it. @param events - how many it has */
  answer(logId: string, events: number): Appended {
    const { writes, partition } = this
    const versions: number[] = []
    for (let i = 0; i < writes.length; i++) versions.push(writes[i]!.version)
    const position = makePosition(logId, partition, this.offset + events - 1)
    return { kind: 'appended', repeated: false, versions, position }
  }
}

/** What goes into a batch: the appends, and at the same places those who wait for them. */
export interface Group {
  readonly appends: readonly DecidedAppend[]
  readonly pending: readonly PendingAppend[]
  /** How many events they have together. */
  readonly events: number
}
