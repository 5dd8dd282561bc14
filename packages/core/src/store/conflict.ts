import type { Conflict, StreamWrite } from './event-store.js'

/** The last event of a stream, as far as an append asks for it. */
export interface StreamHead {
  /** The version of its last event. */
  readonly version: number
  /** The event's id. */
  readonly id: string
}

/** The conflict between what a write expects and the stream's last event (undefined: it has none), if there is one. */
export function conflictOf(write: StreamWrite, head: StreamHead | undefined): Conflict | undefined {
  if (fits(write, head)) return undefined
  return {
    kind: 'conflict',
    stream: write.stream,
    expected: write.expected,
    actual: head ? head.version : 'none',
  }
}

function fits({ expected, after }: StreamWrite, head: StreamHead | undefined): boolean {
  if (expected === 'any') return true
  if (expected === 'none') return head === undefined
  if (head === undefined) return false
  if (expected === 'exists') return true
  return head.version === expected && (after === undefined || after === head.id)
}
