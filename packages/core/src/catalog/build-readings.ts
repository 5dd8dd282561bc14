import { messageInfo, type AnyEvent, type Newable } from '../message/message.js'
import type { Upcaster, UpcastStep } from '../upcasting/upcast.js'
import type { EventNames } from './event-names.js'
import { currentReading, upcastReading, type Reading } from './reading.js'
import { versionEdges, type VersionEdge } from './version-edges.js'

/** How the versions of one recorded name are read, by version; there is no version 0. @internal */
export type ReadingsOfName = readonly (Reading | undefined)[]

/** Lays the chains of all upcasters over the versions of all events. Says what is wrong, never throws. @internal */
export function buildReadings(
  names: EventNames,
  upcasters: readonly Upcaster[],
  problems: string[],
): ReadonlyMap<string, ReadingsOfName> {
  const readings = new Map<string, ReadingsOfName>()
  const edges = versionEdges(upcasters, names, problems)
  for (const [name, type] of names.classes)
    readings.set(name, readingsOf(name, type, edges.get(name) ?? new Map(), problems))
  for (const [name, own] of edges)
    if (!names.classes.has(name)) readings.set(name, readingsOf(name, undefined, own, problems))
  for (const [old, name] of names.renamed) readings.set(old, readings.get(name)!)
  return readings
}

function readingsOf(
  name: string,
  type: Newable<AnyEvent> | undefined,
  edges: ReadonlyMap<number, VersionEdge>,
  problems: string[],
): ReadingsOfName {
  // Of an event without a class, the newest version that is known is the one at which its chain ends.
  const past = type ? messageInfo(type)!.version - 1 : Math.max(...edges.keys())
  const readings: (Reading | undefined)[] = [undefined]
  for (let version = 1; version <= past; version++) {
    if (!edges.has(version)) problems.push(gapProblem(name, type, version))
    readings.push(readingFrom(name, type, version, past, edges))
  }
  if (type) readings.push(currentReading(type, name))
  return readings
}

function readingFrom(
  name: string,
  type: Newable<AnyEvent> | undefined,
  from: number,
  past: number,
  edges: ReadonlyMap<number, VersionEdge>,
): Reading | undefined {
  const steps: UpcastStep[] = []
  for (let version = from; version <= past; version++) {
    const edge = edges.get(version)
    if (!edge) return undefined
    if ('end' in edge) return upcastReading(type, name, from, steps, edge.end)
    steps.push(edge.step)
  }
  return type && upcastReading(type, name, from, steps, { kind: 'current' })
}

function gapProblem(name: string, type: Newable<AnyEvent> | undefined, version: number): string {
  const remedy = type
    ? `${type.name} declares version ${messageInfo(type)!.version}, add upcast(${type.name}).from(${version}).up(…)`
    : `add upcast("${name}").from(${version})`
  return `event "${name}": nothing reads version ${version}; ${remedy}`
}
