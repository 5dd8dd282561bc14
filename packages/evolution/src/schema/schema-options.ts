import type { Compatibility } from './compatibility.js'
import type { AppSchemas } from './event-schemas.js'
import type { SchemaLock } from './schema-lock.js'

/** How an app guards the schemas of its events. */
export interface SchemaOptions {
  /** The lock file, from the folder that the process runs in. Default: `hindcast.schema.json`. */
  readonly lock?: string
  /** What a change of an event must not break. Default: `'backward'`. */
  readonly compatibility?: Compatibility
  /** The same for single events, by name. Default: as above. */
  readonly events?: { readonly [name: string]: Compatibility }
}

/** What holds for one event. @internal */
export function compatibilityOf(
  event: string,
  { compatibility = 'backward', events = {} }: SchemaOptions,
): Compatibility {
  return Object.hasOwn(events, event) ? events[event]! : compatibility
}

const KNOWN: readonly unknown[] = ['backward', 'forward', 'full']

/** What is wrong with the options, a sentence each: a misspelt name would be a guard that is not there. @internal */
export function optionProblems(
  app: AppSchemas,
  lock: SchemaLock,
  { compatibility = 'backward', events = {} }: SchemaOptions,
): readonly string[] {
  const unknown = Object.keys(events).filter(name => !app.events.has(name) && !lock.has(name))
  const wrong = [['compatibility', compatibility] as const, ...Object.entries(events)].filter(
    ([, value]) => !KNOWN.includes(value),
  )
  return [
    ...unknown.map(name => `schema.events names "${name}", which neither the code nor the lock has`),
    ...wrong.map(
      ([name, value]) => `schema: ${name} is ${JSON.stringify(value)}; it is backward, forward or full`,
    ),
  ]
}
