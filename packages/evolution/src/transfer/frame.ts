import { sourceOf } from './cloud-event.js'

/** The format of exports that this code writes and reads. */
export const EXPORT_FORMAT = 1

/** Where an export begins: `null` with the first event, a time, or the next offset by partition. */
export type ExportStart = string | Readonly<Record<string, string>> | null

/** What the first line of an export says. */
export interface ExportBegin {
  /** {@link EXPORT_FORMAT} of the code that wrote it. */
  readonly format: number
  /** Where it begins. */
  readonly from: ExportStart
}

/** What the last line of an export says. */
export interface ExportEnd {
  /** How many events there are. */
  readonly events: number
}

/** The types of the two lines that are no events of a log; both are CloudEvents without a subject. */
export const FRAME = { begin: 'hindcast.export.begin', end: 'hindcast.export.end' } as const

/** The first line of an export. */
export function formatBegin(logId: string, data: ExportBegin): string {
  return frame(logId, FRAME.begin, data)
}

/** The last line of an export. */
export function formatEnd(logId: string, data: ExportEnd): string {
  return frame(logId, FRAME.end, data)
}

function frame(logId: string, type: string, data: ExportBegin | ExportEnd): string {
  const id = type.slice(type.lastIndexOf('.') + 1)
  return JSON.stringify({
    ...{ specversion: '1.0', id, source: sourceOf(logId), type },
    ...{ datacontenttype: 'application/json', data },
  })
}
