import { HindcastError } from '@hindcast/core'
import type { SchemaFinding } from './schema-finding.js'

/** A lock of event schemas cannot be used: damaged, changed by hand, or written by a newer version. */
export class SchemaLockError extends HindcastError<'HC_SCHEMA_LOCK'> {
  override readonly name = 'SchemaLockError'
  constructor(file: string, reason: string, remedy: string, cause?: unknown) {
    super('HC_SCHEMA_LOCK', `${file} cannot be used: ${reason}. ${remedy}`, { file, reason }, { cause })
  }
}

/** The events of the code and their lock do not agree; `findings` lists everything. */
export class SchemaBreakError extends HindcastError<'HC_SCHEMA_BREAK'> {
  override readonly name = 'SchemaBreakError'
  constructor(
    /** Everything that was found. */
    readonly findings: readonly SchemaFinding[],
  ) {
    const things = findings.length === 1 ? '1 thing is' : `${findings.length} things are`
    super(
      'HC_SCHEMA_BREAK',
      `${things} wrong with the events and their lock:\n${findings.map(({ message }) => `  - ${message}`).join('\n')}`,
      { findings: findings.map(({ message }) => message) },
    )
  }
}

/** An event is named that neither the code nor the lock has. */
export class SchemaEventUnknownError extends HindcastError<'HC_SCHEMA_EVENT_UNKNOWN'> {
  override readonly name = 'SchemaEventUnknownError'
  constructor(event: string, known: readonly string[]) {
    super(
      'HC_SCHEMA_EVENT_UNKNOWN',
      `neither the code nor the lock has an event "${event}"; they have ${[...new Set(known)].toSorted().join(', ') || 'none'}`,
      { event },
    )
  }
}
