import { ExportCutError, ExportFileError, ExportLineError } from './errors.js'
import { readExport } from './read-export.js'

/**
 * Reads an export to its end before anything of it is imported. Gives the number of its events.
 *
 * @throws ExportFileError when it is no export, or one that begins in the middle of a log; ExportLineError; ExportCutError
 */
export async function checkExport(file: string): Promise<number> {
  let events = 0
  let lines = 0
  for await (const read of readExport(file)) {
    lines = read.line
    if (read.kind === 'begin' && read.begin.from !== null)
      throw new ExportFileError(
        file,
        `it begins with ${JSON.stringify(read.begin.from)}, and a log begins with the first version of every stream`,
        'Export the whole log into another file',
      )
    if (read.kind === 'event') events++
    if (read.kind !== 'end') continue
    if (read.end.events === events) return events
    throw new ExportLineError(
      file,
      read.line,
      `it says that there are ${read.end.events} events, and there are ${events}`,
    )
  }
  throw new ExportCutError(file, lines)
}
