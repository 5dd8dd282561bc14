import type { AppSchemas, EventSchema } from './event-schemas.js'
import { refusals } from './refusals.js'
import type { SchemaFinding } from './schema-finding.js'
import { sameSchema, type LockedVersion, type SchemaLock } from './schema-lock.js'
import { compatibilityOf, optionProblems, type SchemaOptions } from './schema-options.js'

/**
 * Compares the events of today with the lock. No finding means that every recorded version is read, that no change breaks
 * what the options promise, and that the lock is up to date.
 *
 * @see docs/reference/schema-lock.md for the rules
 */
export function checkSchemas(
  app: AppSchemas,
  lock: SchemaLock,
  options: Omit<SchemaOptions, 'lock'> = {},
): readonly SchemaFinding[] {
  const declarations = [...app.problems, ...optionProblems(app, lock, options)].map(
    (message): SchemaFinding => ({
      kind: 'declaration',
      event: '',
      version: 0,
      message,
    }),
  )
  const events = [...app.events.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return [
    ...declarations,
    ...unreadable(app, lock),
    ...events.flatMap(event => eventFindings(event, lock, options)),
  ]
}

/** Versions of the lock that nothing reads, and that are not newer than the code. */
function unreadable({ catalog, events }: AppSchemas, lock: SchemaLock): readonly SchemaFinding[] {
  return [...lock].flatMap(([event, versions]) => {
    const code = events.get(event) ?? [...events.values()].find(each => each.formerly.includes(event))
    return versions
      .filter(
        ({ version }) =>
          version <= (code?.version ?? version) && catalog.becomes(event, version) === undefined,
      )
      .map(({ version }): SchemaFinding => ({
        kind: 'unreadable',
        event,
        version,
        message: unreadableMessage(event, version, code),
      }))
  })
}

function unreadableMessage(event: string, version: number, code: EventSchema | undefined): string {
  const remedy = code
    ? `add the step upcast(…).from(${version}).up(…) to the chain of "${code.name}"`
    : `its class is gone: say what becomes of it with upcast('${event}').from(${version}), or where it was renamed with formerly: ['${event}']`
  return `nothing in the code reads version ${version} of "${event}", which the lock has; ${remedy}`
}

function eventFindings(
  event: EventSchema,
  lock: SchemaLock,
  options: SchemaOptions,
): readonly SchemaFinding[] {
  const { name, version, schema } = event
  const own = lock.get(name) ?? []
  const newest = own.at(-1)?.version ?? 0
  if (newest > version) {
    const message = `the lock has version ${newest} of "${name}", the code declares version ${version}; a version never goes back: raise it to ${newest} or more`
    return [{ kind: 'behind', event: name, version, message }]
  }
  const recorded = own.find(each => each.version === version)?.schemas ?? []
  const last = recorded.at(-1)
  if (last && sameSchema(last, schema)) return []
  const breaks = breaksOf(event, lock, options)
  if (breaks.length > 0) return breaks
  const what = last ? `has changed, and breaks nobody` : newest > 0 ? 'is new' : 'is a new event'
  const message = `"${name}" version ${version} ${what}, but the lock does not have it; run hindcast schema accept, and commit the lock`
  return [{ kind: 'unrecorded', event: name, version, message }]
}

function breaksOf(event: EventSchema, lock: SchemaLock, options: SchemaOptions): readonly SchemaFinding[] {
  const { name, version, formerly, schema } = event
  const compatibility = compatibilityOf(name, options)
  const past = [name, ...formerly].flatMap(each => lock.get(each) ?? [])
  const same = past.filter(each => each.version === version).flatMap(({ schemas }) => schemas)
  const backward = compatibility === 'forward' ? [] : same.flatMap(before => refusals(before, schema))
  const forward = compatibility === 'backward' ? [] : same.flatMap(before => refusals(schema, before))
  const finding = (direction: 'backward' | 'forward', path: string, message: string): SchemaFinding => ({
    ...{ kind: 'breaks', event: name, version, direction, path, message },
  })
  const field = (path: string): string => (path === '' ? '' : ` ${path}`)
  return unique([
    ...backward.map(({ path, reason }) =>
      finding(
        'backward',
        path,
        `"${name}" version ${version}:${field(path)} in recorded events ${reason} for today's code; raise the version to ${version + 1} and add upcast(…).from(${version}).up(…)`,
      ),
    ),
    ...forward.map(({ path, reason }) =>
      finding(
        'forward',
        path,
        `"${name}" version ${version}:${field(path)} in today's events ${reason} for code of before; upgrade every reader first, then make the change`,
      ),
    ),
    ...(compatibility === 'backward'
      ? []
      : newNames(event, past, lock).map(message => finding('forward', '', message))),
  ])
}

/** Code of before refuses a version that it does not know, and a name that it does not know. */
function newNames(
  { name, version }: EventSchema,
  past: readonly LockedVersion[],
  lock: SchemaLock,
): readonly string[] {
  if (past.length === 0) return []
  const known = Math.max(...past.map(each => each.version))
  return [
    ...(version > known
      ? [
          `"${name}" version ${version}: code of before knows it up to version ${known} and refuses it with HC_EVENT_NEWER_THAN_CODE; keep version ${known}, or upgrade every reader first`,
        ]
      : []),
    ...(lock.has(name)
      ? []
      : [
          `"${name}": code of before knows it by its former name only and refuses it with HC_EVENT_TYPE_UNKNOWN; upgrade every reader first`,
        ]),
  ]
}

function unique(findings: readonly SchemaFinding[]): readonly SchemaFinding[] {
  return [...new Map(findings.map(finding => [finding.message, finding])).values()]
}
