import { messageInfo, type AnyEvent, type Newable } from '../message/message.js'
import { renameCycle } from './rename-cycle.js'

/** Whose name is whose. @internal */
export interface EventNames {
  /** The classes by their names of today. */
  readonly classes: ReadonlyMap<string, Newable<AnyEvent>>
  /** Today's names by the former ones. */
  readonly renamed: ReadonlyMap<string, string>
}

/** Gives each name, of today and former, to one class, and says where that cannot be. @internal */
export function eventNames(events: readonly Newable<AnyEvent>[], problems: string[]): EventNames {
  const classes = classesByName(events, problems)
  const renamed = new Map<string, string>()
  for (const name of classes.keys())
    for (const old of formerNames(classes, name)) {
      const problem = renameProblem(name, old, classes, renamed)
      if (problem === undefined) renamed.set(old, name)
      else problems.push(problem)
    }
  return { classes, renamed }
}

function classesByName(
  events: readonly Newable<AnyEvent>[],
  problems: string[],
): ReadonlyMap<string, Newable<AnyEvent>> {
  const classes = new Map<string, Newable<AnyEvent>>()
  for (const type of new Set(events)) {
    const info = messageInfo(type)
    const before = info && classes.get(info.name)
    if (typeof type !== 'function' || info?.kind !== 'event')
      problems.push(
        `${typeof type === 'function' ? (type as Newable).name : String(type)} is registered as an event, but does not extend Event('name')`,
      )
    else if (before)
      problems.push(
        `event name "${info.name}" belongs to two classes, ${before.name} and ${type.name}; a name is given once and for ever`,
      )
    else classes.set(info.name, type)
  }
  return classes
}

function renameProblem(
  name: string,
  old: string,
  classes: EventNames['classes'],
  renamed: EventNames['renamed'],
): string | undefined {
  if (old === name) return `event "${name}" names itself in formerly; leave it out`
  const cycle = renameCycle(name, old, each => formerNames(classes, each))
  if (cycle)
    return `events ${[...cycle, name].map(each => `"${each}"`).join(' -> ')}, each formerly the next, are a cycle of renames; keep one name, and the others in its formerly`
  const current = classes.get(old)
  if (current)
    return `event "${name}" was formerly "${old}", but ${current.name} has that name today; a name is never used again`
  const taken = renamed.get(old)
  if (taken !== undefined)
    return `events "${taken}" and "${name}" both were formerly "${old}"; a recorded event is read as one of them`
  return undefined
}

function formerNames(classes: EventNames['classes'], name: string): ReadonlySet<string> {
  const type = classes.get(name)
  return new Set(type && messageInfo(type)?.formerly)
}
