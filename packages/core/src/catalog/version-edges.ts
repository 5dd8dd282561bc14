import { messageInfo, type AnyEvent, type Newable } from '../message/message.js'
import type { UpcastEnd, Upcaster, UpcastStep } from '../upcasting/upcast.js'
import type { EventNames } from './event-names.js'

/** What a version of an event does: a step to the next one, or an end. @internal */
export type VersionEdge = { readonly step: UpcastStep } | { readonly end: UpcastEnd }

/** The edges of all upcasters by name and version; says which upcasters cannot be used. @internal */
export function versionEdges(
  upcasters: readonly Upcaster[],
  names: EventNames,
  problems: string[],
): ReadonlyMap<string, ReadonlyMap<number, VersionEdge>> {
  const edges = new Map<string, Map<number, VersionEdge>>()
  upcasters.forEach((upcaster, index) => {
    const problem = shapeProblem(upcaster, index) ?? nameProblem(upcaster, names) ?? rangeProblem(upcaster)
    if (problem === undefined) addEdges(edges, upcaster, problems)
    else problems.push(problem)
  })
  return edges
}

function addEdges(
  edges: Map<string, Map<number, VersionEdge>>,
  upcaster: Upcaster,
  problems: string[],
): void {
  const { from, steps, end } = upcaster
  const name = nameOf(upcaster)
  const own = edges.get(name) ?? new Map<number, VersionEdge>()
  edges.set(name, own)
  const add = (version: number, edge: VersionEdge): void => {
    if (own.has(version)) problems.push(`event "${name}": two upcasters take version ${version}; keep one`)
    else own.set(version, edge)
  }
  steps.forEach((step, i) => add(from + i, { step }))
  if (end.kind !== 'current') add(from + steps.length, { end })
}

function nameOf({ event }: Upcaster): string {
  return typeof event === 'string' ? event : messageInfo(event)!.name
}

/** For callers without types. */
function shapeProblem(upcaster: unknown, index: number): string | undefined {
  const { event, steps, end } = (upcaster ?? {}) as Partial<Upcaster>
  if (!Array.isArray(steps) || typeof end !== 'object')
    return `upcasters[${index}] is no upcaster; end the chain with .done(), .split(…) or .drop()`
  if (typeof event === 'string' || messageInfo(event)?.kind === 'event') return undefined
  return `upcasters[${index}] is for ${(event as Newable | undefined)?.name ?? String(event)}, which does not extend Event('name')`
}

function nameProblem(upcaster: Upcaster, { classes, renamed }: EventNames): string | undefined {
  const { event, end } = upcaster
  const name = nameOf(upcaster)
  const type = classes.get(name)
  if (typeof event !== 'string')
    return type === event
      ? undefined
      : `there are upcasters of ${event.name} ("${name}"), but no registered aggregate or source has it`
  const current: Newable<AnyEvent> | undefined = type ?? classes.get(renamed.get(name) ?? '')
  if (current)
    return `upcast("${name}") is for an event without a class, but ${current.name} ${type ? 'has' : 'formerly had'} that name; write upcast(${current.name})`
  return end.kind === 'current'
    ? `upcast("${name}") is for an event without a class; end the chain with .split(…) or .drop()`
    : undefined
}

function rangeProblem(upcaster: Upcaster): string | undefined {
  const { event, from, steps, end } = upcaster
  const name = nameOf(upcaster)
  const last = from + steps.length
  if (!Number.isSafeInteger(from) || from < 1)
    return `event "${name}": an upcaster starts from version ${from}; versions are whole numbers of 1 or more`
  if (typeof event === 'string') return undefined
  const { version } = messageInfo(event)!
  if (end.kind === 'current' && last !== version)
    return `event "${name}": an upcaster chain ends at version ${last}, but ${event.name} declares version ${version}; ${last < version ? 'add the missing steps' : 'raise the version'}`
  if (end.kind !== 'current' && last >= version)
    return `event "${name}": version ${last} is ${end.kind === 'split' ? 'split' : 'dropped'}, but ${event.name} declares version ${version}; raise the version`
  return undefined
}
