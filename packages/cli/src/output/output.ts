import { inspect } from 'node:util'
import picocolors from 'picocolors'

/** Where a verb writes. */
export interface Output {
  /** True when machines read: one JSON object a line, and nothing else on standard output. */
  readonly json: boolean
  /** One result: as a JSON line, or as the text for people. */
  result(value: object, text: () => string): void
  /** Something people want to know while they wait; on standard error, never with `--json`. */
  note(text: string): void
}

/** The two streams of a process. */
export interface Streams {
  /** Results. */
  readonly stdout: { write(text: string): unknown }
  /** Notes and errors. */
  readonly stderr: { write(text: string): unknown }
}

/** Writes results to standard output and notes to standard error. */
export function outputTo({ stdout, stderr }: Streams, json: boolean): Output {
  return {
    json,
    result: (value, text) => void stdout.write(`${json ? jsonLine(value) : text()}\n`),
    note: text => void (json || stderr.write(`${picocolors.dim(text)}\n`)),
  }
}

/** A value as one line of JSON: bigints as decimal text, as payloads have them. */
export function jsonLine(value: object): string {
  return JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? String(field) : field))
}

/** A value as people read it, on one line. */
export function shown(value: unknown): string {
  return inspect(value, { breakLength: Infinity, compact: true, depth: 6, sorted: false })
}
