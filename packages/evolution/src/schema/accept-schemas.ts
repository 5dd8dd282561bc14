import type { AppSchemas } from './event-schemas.js'
import { checkSchemas } from './check-schemas.js'
import type { SchemaFinding } from './schema-finding.js'
import { SchemaBreakError, SchemaEventUnknownError } from './errors.js'
import type { LockedVersion, SchemaLock } from './schema-lock.js'
import type { SchemaOptions } from './schema-options.js'

/** What is accepted. */
export interface AcceptOptions extends Omit<SchemaOptions, 'lock'> {
  /**
   * Events, by name, whose recorded versions no log that matters has: what the lock says of a version that was changed, that
   * nothing reads, or that is newer than the code is forgotten. Default: none.
   */
  readonly breaking?: readonly string[]
}

/** A lock that has today's events. */
export interface Accepted {
  /** The lock to write. */
  readonly lock: SchemaLock
  /** What it settles, sorted by event. */
  readonly settled: readonly SchemaFinding[]
}

/**
 * The lock with the events of today: adds what is new and keeps all that was.
 *
 * @throws SchemaBreakError when something else than what `breaking` names would break readers; SchemaEventUnknownError
 */
export function acceptSchemas(app: AppSchemas, lock: SchemaLock, options: AcceptOptions = {}): Accepted {
  const { breaking = [] } = options
  for (const name of breaking)
    if (!app.events.has(name) && !lock.has(name))
      throw new SchemaEventUnknownError(name, [...app.events.keys(), ...lock.keys()])
  const settled = checkSchemas(app, lock, options)
  const left = settled.filter(
    ({ kind, event }) => kind !== 'unrecorded' && !(kind !== 'declaration' && breaking.includes(event)),
  )
  if (left.length > 0) throw new SchemaBreakError(left)
  const next = new Map(lock)
  for (const finding of settled) next.set(finding.event, after(finding, next.get(finding.event) ?? [], app))
  return { lock: new Map([...next].filter(([, versions]) => versions.length > 0)), settled }
}

function after(
  { kind, event, version }: SchemaFinding,
  versions: readonly LockedVersion[],
  app: AppSchemas,
): readonly LockedVersion[] {
  const others = versions.filter(each => each.version !== version)
  if (kind === 'unreadable') return others
  const { schema } = app.events.get(event)!
  const before = kind === 'unrecorded' ? (versions.find(each => each.version === version)?.schemas ?? []) : []
  const kept = kind === 'behind' ? others.filter(each => each.version < version) : others
  return [...kept, { version, schemas: [...before, schema] }].toSorted((a, b) => a.version - b.version)
}
