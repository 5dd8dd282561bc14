import { inspect } from 'node:util'
import picocolors from 'picocolors'
import { Redrawn } from './redrawn.js'

/** Where a verb writes. */
export interface Output {
  /** True when machines read: one JSON object a line, and nothing else on standard output. */
  readonly json: boolean
  /** One result: as a JSON line, or as the text for people. */
  result(value: object, text: () => string): void
  /** Several results that people see as one text. */
  results(values: readonly object[], text: () => string): void
  /** Something people want to know while they wait; on standard error, never with `--json`. */
  note(text: string): void
  /** Draws on standard output in the place of what was drawn before; undefined where it is no terminal. */
  readonly redrawn?: Redrawn
  /** The same on standard error, for what goes on; undefined where it is no terminal. */
  readonly progress?: Redrawn
}

/** A stream of a process. */
export interface Stream {
  /** Takes text. */
  write(text: string): unknown
  /** True on a terminal. */
  readonly isTTY?: boolean | undefined
}

/** The two streams of a process. */
export interface Streams {
  /** Results. */
  readonly stdout: Stream
  /** Notes and errors. */
  readonly stderr: Stream
}

/** Writes results to standard output and notes to standard error. */
export function outputTo({ stdout, stderr }: Streams, json: boolean): Output {
  const results = (values: readonly object[], text: () => string): void => {
    const lines = json ? values.map(jsonLine) : [text()]
    for (const line of lines) stdout.write(`${line}\n`)
  }
  return {
    json,
    results,
    result: (value, text) => results([value], text),
    note: text => void (json || stderr.write(`${picocolors.dim(text)}\n`)),
    ...(!json && stdout.isTTY && { redrawn: new Redrawn(stdout) }),
    ...(!json && stderr.isTTY && { progress: new Redrawn(stderr) }),
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

/** The value of a JSON text; the text itself where it is none, since a log may hold anything. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
