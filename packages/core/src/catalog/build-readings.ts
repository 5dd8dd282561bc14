import { messageInfo, type AnyEvent, type Newable } from '../message/message.js'
import type { UpcastEnd, Upcaster, UpcastStep } from '../upcasting/upcast.js'
import { currentReading, upcastReading, type Reading } from './reading.js'

/** How every recorded version of every name is read, and what is wrong with the declarations. @internal */
export interface Readings {
  /** By recorded name, then by version. */
  readonly byName: ReadonlyMap<string, readonly (Reading | undefined)[]>
  /** The recorded names that may be read as some other event, because they are split. */
  readonly split: ReadonlySet<string>
  readonly problems: readonly string[]
}

/** What one version of an event does: a step to the next one, or an end. */
type Edge = { readonly step: UpcastStep } | { readonly end: UpcastEnd }

/** Lays the chains of all upcasters over the versions of all events. Never throws. @internal */
export function buildReadings(
  events: readonly Newable<AnyEvent>[],
  upcasters: readonly Upcaster[],
): Readings {
  const problems: string[] = []
  const classes = classesByName(events, problems)
  const edges = edgesByName(upcasters, classes, problems)
  const byName = new Map<string, readonly (Reading | undefined)[]>()
  const split = new Set<string>()
  for (const [name, type] of classes) {
    const { version, formerly } = messageInfo(type)!
    const readings = readingsOf(name, type, version, edges.get(name) ?? new Map(), problems)
    for (const alias of [name, ...formerly]) byName.set(alias, readings)
  }
  for (const [name, own] of edges) {
    if (!classes.has(name))
      byName.set(name, readingsOf(name, undefined, Math.max(...own.keys()) + 1, own, problems))
    for (const edge of own.values())
      if ('end' in edge && edge.end.kind === 'split') {
        const type = classes.get(name)
        for (const alias of [name, ...(type ? messageInfo(type)!.formerly : [])]) split.add(alias)
      }
  }
  return { byName, split, problems }
}

function classesByName(
  events: readonly Newable<AnyEvent>[],
  problems: string[],
): ReadonlyMap<string, Newable<AnyEvent>> {
  const classes = new Map<string, Newable<AnyEvent>>()
  for (const type of new Set(events)) {
    const info = messageInfo(type)
    if (info?.kind !== 'event') {
      problems.push(
        `${type?.name ?? String(type)} is registered as an event, but does not extend Event('name')`,
      )
      continue
    }
    const before = classes.get(info.name)
    if (before)
      problems.push(
        `event name "${info.name}" belongs to two classes, ${before.name} and ${type.name}; a name is given once and for ever`,
      )
    else classes.set(info.name, type)
  }
  const aliases = new Map<string, string>()
  for (const [name, type] of classes)
    for (const old of messageInfo(type)!.formerly) {
      const current = classes.get(old)
      const taken = aliases.get(old)
      if (old === name) problems.push(`event "${name}" names itself in formerly; leave it out`)
      else if (current && messageInfo(current)!.formerly.includes(name))
        problems.push(
          `events "${name}" and "${old}" each were formerly the other: a cycle of renames; keep one of the two`,
        )
      else if (current)
        problems.push(
          `event "${name}" was formerly "${old}", but ${current.name} has that name today; a name is never used again`,
        )
      else if (taken !== undefined)
        problems.push(
          `events "${taken}" and "${name}" both were formerly "${old}"; a recorded event is read as one of them`,
        )
      aliases.set(old, name)
    }
  return classes
}

function edgesByName(
  upcasters: readonly Upcaster[],
  classes: ReadonlyMap<string, Newable<AnyEvent>>,
  problems: string[],
): ReadonlyMap<string, Map<number, Edge>> {
  const edges = new Map<string, Map<number, Edge>>()
  for (const { event, from, steps, end } of upcasters) {
    const name = typeof event === 'string' ? event : (messageInfo(event)?.name ?? event.name)
    const type = classes.get(name)
    const problem = upcasterProblem({ event, from, steps, end }, name, type)
    if (problem) {
      problems.push(problem)
      continue
    }
    let own = edges.get(name)
    if (!own) edges.set(name, (own = new Map()))
    const add = (version: number, edge: Edge): void => {
      if (own.has(version)) problems.push(`event "${name}": two upcasters take version ${version}; keep one`)
      own.set(version, edge)
    }
    steps.forEach((step, i) => add(from + i, { step }))
    if (end.kind !== 'current') add(from + steps.length, { end })
  }
  return edges
}

function upcasterProblem(
  { event, from, steps, end }: Upcaster,
  name: string,
  type: Newable<AnyEvent> | undefined,
): string | undefined {
  const last = from + steps.length
  if (!Number.isSafeInteger(from) || from < 1)
    return `event "${name}": an upcaster starts from version ${from}; versions are whole numbers of 1 or more`
  if (typeof event === 'string')
    return type
      ? `upcast("${name}") is for an event without a class, but ${type.name} has that name; write upcast(${type.name})`
      : undefined
  if (type !== event)
    return `there are upcasters of ${event.name} ("${name}"), but no registered aggregate or source has it`
  const { version } = messageInfo(type)!
  if (end.kind === 'current' && last !== version)
    return `event "${name}": an upcaster chain ends at version ${last}, but ${type.name} declares version ${version}; ${last < version ? 'add the missing steps' : 'raise the version'}`
  if (end.kind !== 'current' && last >= version)
    return `event "${name}": version ${last} is ${end.kind === 'split' ? 'split' : 'dropped'}, but ${type.name} declares version ${version}; raise the version`
  return undefined
}

function readingsOf(
  name: string,
  type: Newable<AnyEvent> | undefined,
  version: number,
  edges: ReadonlyMap<number, Edge>,
  problems: string[],
): readonly (Reading | undefined)[] {
  const readings: (Reading | undefined)[] = [undefined]
  for (let v = 1; v < version; v++) {
    if (!edges.has(v))
      problems.push(
        `event "${name}": nothing reads version ${v}; ${type ? `${type.name} declares version ${version}, add upcast(${type.name}).from(${v}).up(…)` : `add upcast("${name}").from(${v})`}`,
      )
    readings.push(readingFrom(name, type, v, version, edges))
  }
  if (type) readings.push(currentReading(type, name))
  return readings
}

function readingFrom(
  name: string,
  type: Newable<AnyEvent> | undefined,
  from: number,
  version: number,
  edges: ReadonlyMap<number, Edge>,
): Reading | undefined {
  const steps: UpcastStep[] = []
  for (let v = from; v < version; v++) {
    const edge = edges.get(v)
    if (!edge) return undefined
    if ('end' in edge) return upcastReading(type, name, from, steps, edge.end)
    steps.push(edge.step)
  }
  return type && upcastReading(type, name, from, steps, { kind: 'current' })
}
