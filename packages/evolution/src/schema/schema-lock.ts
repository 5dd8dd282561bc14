import { canonical, checksum } from './canonical.js'
import type { JsonSchema } from './json-schema.js'

/** The format that is written; older ones are read, newer ones refused. @internal */
export const LOCK_FORMAT = 1

/** One recorded version of an event: every schema under which it was accepted, the newest last. */
export interface LockedVersion {
  /** The version of the event. */
  readonly version: number
  /** A change that breaks nobody keeps the version and adds a schema; readers must go on reading all of them. */
  readonly schemas: readonly JsonSchema[]
}

/** What was recorded of an app's events: by name, and each version in order. */
export type SchemaLock = ReadonlyMap<string, readonly LockedVersion[]>

/** One version of an event in the file. */
interface LockEntry {
  readonly schemas: readonly JsonSchema[]
  readonly checksum: string
}

/**
 * The text of a lock file: sorted, one entry for each version of each event. Each entry has its own checksum, so that
 * branches that change different events merge without a conflict.
 */
export function formatLock(lock: SchemaLock): string {
  const events: Record<string, Record<string, LockEntry>> = {}
  for (const [name, versions] of sorted(lock)) events[name] = entriesOf(name, versions)
  return `${JSON.stringify({ format: LOCK_FORMAT, events }, sortFields, 2)}\n`
}

function entriesOf(name: string, versions: readonly LockedVersion[]): Record<string, LockEntry> {
  const entries: Record<string, LockEntry> = {}
  let before = ''
  for (const { version, schemas } of versions.toSorted((a, b) => a.version - b.version))
    entries[version] = { schemas, checksum: (before = entryChecksum(name, version, schemas, before)) }
  return entries
}

/**
 * The checksum of a version, over the one of the version before it as well: an entry between two others cannot be taken out.
 *
 * @internal
 */
export function entryChecksum(
  name: string,
  version: number,
  schemas: readonly JsonSchema[],
  before: string,
): string {
  return checksum([name, version, schemas, before])
}

/** Whether two schemas are one. @internal */
export function sameSchema(a: JsonSchema, b: JsonSchema): boolean {
  return canonical(a) === canonical(b)
}

function sorted(lock: SchemaLock): readonly (readonly [string, readonly LockedVersion[]])[] {
  return [...lock].filter(([, versions]) => versions.length > 0).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** Sorts the fields of schemas, so that the file does not depend on the order in which they were made. */
function sortFields(key: string, value: unknown): unknown {
  if (key === '' || typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => byNumberOrText(a, b)))
}

function byNumberOrText(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : 1)
}
