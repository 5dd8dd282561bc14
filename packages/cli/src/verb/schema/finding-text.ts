import type { SchemaFinding } from '@hindcast/evolution'
import picocolors from 'picocolors'

/** A finding on one line. */
export function findingText({ kind, message }: SchemaFinding): string {
  const colour = kind === 'unrecorded' ? picocolors.yellow : picocolors.red
  return `${colour(kind.padEnd(11))}  ${message}`
}
