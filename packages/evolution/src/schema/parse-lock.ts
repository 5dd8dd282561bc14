import type { JsonSchema } from './json-schema.js'
import { SchemaLockError } from './errors.js'
import { entryChecksum, LOCK_FORMAT, type LockedVersion, type SchemaLock } from './schema-lock.js'

const MERGE_MARK = /^(?:<{7}|={7}|>{7})(?: |$)/m
const RESTORE = 'Take the file from version control; only `hindcast schema accept` writes it'

/**
 * Reads the text of a lock file.
 *
 * @param file - names it in errors
 * @throws SchemaLockError when it is damaged, was changed by hand, or has a newer format
 */
export function parseLock(text: string, file: string): SchemaLock {
  const lock = objectOf(parsed(text, file), 'the file', file)
  checkFormat(lock['format'], file)
  const edited: string[] = []
  const events = Object.entries(objectOf(lock['events'], '"events"', file)).map(
    ([name, entries]) =>
      [name, versionsOf(name, objectOf(entries, `"${name}"`, file), file, edited)] as const,
  )
  if (edited.length > 0)
    throw new SchemaLockError(
      file,
      `it was changed by hand: the checksum of ${edited.join(', ')} is not that of its schemas`,
      RESTORE,
    )
  return new Map(events)
}

function versionsOf(
  name: string,
  entries: Readonly<Record<string, unknown>>,
  file: string,
  edited: string[],
): readonly LockedVersion[] {
  let before = ''
  const numbered = Object.entries(entries).map(([key, entry]) => [Number(key), key, entry] as const)
  return numbered
    .toSorted(([a], [b]) => a - b)
    .map(([version, key, entry]) => {
      const what = `"${name}" version ${key}`
      const { schemas, checksum } = objectOf(entry, what, file)
      if (
        !Number.isSafeInteger(version) ||
        version < 1 ||
        !Array.isArray(schemas) ||
        schemas.length === 0 ||
        typeof checksum !== 'string'
      )
        throw new SchemaLockError(
          file,
          `${what} is no version of an event with schemas and a checksum`,
          RESTORE,
        )
      if (checksum !== entryChecksum(name, version, schemas as JsonSchema[], before)) edited.push(what)
      before = checksum
      return { version, schemas: schemas as JsonSchema[] }
    })
}

function parsed(text: string, file: string): unknown {
  const mark = MERGE_MARK.exec(text)
  if (mark) {
    const line = text.slice(0, mark.index).split('\n').length
    throw new SchemaLockError(
      file,
      `it has the marks of a merge conflict, from line ${line} on`,
      'Where the two sides are different events, keep both; where they are one version of one event, one branch raises its version. Then run `hindcast schema check`',
    )
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new SchemaLockError(file, `it is no JSON: ${(error as Error).message}`, RESTORE, error)
  }
}

function objectOf(value: unknown, what: string, file: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  throw new SchemaLockError(file, `${what} is no object`, RESTORE)
}

function checkFormat(format: unknown, file: string): void {
  if (!Number.isSafeInteger(format) || (format as number) < 1)
    throw new SchemaLockError(
      file,
      `its "format" is ${JSON.stringify(format)}, no whole number of 1 or more`,
      RESTORE,
    )
  if ((format as number) > LOCK_FORMAT)
    throw new SchemaLockError(
      file,
      `it has format ${String(format)}, and this version reads formats up to ${LOCK_FORMAT}`,
      'Upgrade hindcast to the version that wrote it',
    )
}
