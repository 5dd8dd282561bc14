import { stat } from 'node:fs/promises'
import { sourceOf } from './cloud-event.js'
import { ExportFileError } from './errors.js'
import type { ExportStart } from './frame.js'
import { readExport } from './read-export.js'

/** What of a file an export goes on behind. */
export interface Resumed {
  /** Where the export begins. */
  readonly from: ExportStart
  /** So many bytes of the file stay: whole appends, without an end. */
  readonly bytes: number
  /** The events in them. */
  readonly events: number
  /** The next offset of each partition that has events in them. */
  readonly next: ReadonlyMap<number, bigint>
  /** The line within which the file broke off, if it did. */
  readonly cutLine?: number
}

/**
 * Reads what an export wrote before, so that it goes on behind the last append that is whole for certain. Undefined where the
 * file is missing, empty, or broke off in its first line.
 *
 * @throws ExportFileError when it is no export of this log; ExportLineError
 */
export async function resume(file: string, logId: string): Promise<Resumed | undefined> {
  if ((await sizeOf(file)) === 0) return undefined
  const next = new Map<number, bigint>()
  let from: ExportStart = null
  let [bytes, events, pending, behind] = [0, 0, 0, 0]
  let last: { readonly partition: number; readonly offset: bigint; readonly commandId: string } | undefined
  let cutLine: number | undefined
  const keep = (): void => {
    if (last) next.set(last.partition, last.offset + 1n)
    bytes = behind
    events += pending
    pending = 0
  }
  for await (const read of readExport(file)) {
    if (read.kind === 'begin') {
      if (read.source !== sourceOf(logId))
        throw new ExportFileError(
          file,
          `it is an export of ${read.source}, and this log is ${sourceOf(logId)}`,
          'Name another file',
        )
      from = read.begin.from
      bytes = read.behind
    } else if (read.kind === 'event') {
      const { partition, commandId } = read.event
      if (last?.partition !== partition || last.commandId !== commandId) keep()
      last = read.event
      pending++
    } else if (read.kind === 'end') keep()
    else if (read.line === 1) return undefined
    else cutLine = read.line
    behind = read.behind
  }
  // Without an end the last append may lack events: it is not kept, and written again.
  return { from, bytes, events, next, ...(cutLine !== undefined && { cutLine }) }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}
