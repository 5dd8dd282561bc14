import type { Injectable } from '../container/token.js'
import { messageInfo, type AnyEvent, type Newable } from '../message/message.js'
import { isCategory } from '../store/stream-id.js'
import type { AggregateRoot } from './aggregate-root.js'
import { aggregateDeclaration, methodDeclarations } from './declarations.js'
import { policyProblems, snapshotPolicy, type SnapshotPolicy } from './snapshot-policy.js'

/** A class that can be registered as an aggregate. */
export type AggregateClass = new () => AggregateRoot<AnyEvent>

/** How one command is handled. */
export interface HandlerDefinition {
  /** The command's class. */
  readonly command: Newable
  /** The persisted name of the command. */
  readonly commandName: string
  /** The name of the method. */
  readonly method: string
  /** What it injects, in the order of its further parameters. */
  readonly inject: readonly Injectable[]
}

/** Everything a class says about the aggregate it is, collected from its decorators. */
export interface AggregateDefinition {
  /** The class. */
  readonly type: AggregateClass
  /** The first part of its stream ids. */
  readonly category: string
  /** The partition key of a stream, from its key; default the whole stream id. */
  readonly partitionBy?: (key: string) => string
  /** When snapshots are taken; without it none are taken or read. */
  readonly snapshots?: SnapshotPolicy
  /** Its command handlers. */
  readonly handlers: readonly HandlerDefinition[]
  /** The method that applies an event, by the prototype of the event's class. */
  readonly appliers: ReadonlyMap<object, string>
  /** The events it applies. */
  readonly events: readonly Newable[]
  /** What is wrong with it; empty when it can be used. */
  readonly problems: readonly string[]
}

/** Reads the decorators of an aggregate class. Never throws: what is wrong is listed in `problems`. */
export function aggregateDefinition(type: AggregateClass): AggregateDefinition {
  const name = type?.name ?? String(type)
  const problems: string[] = []
  const declaration = aggregateDeclaration(type)
  if (!declaration) return broken(type, [`${name} has no @Aggregate('category') decorator`])
  const { category, partitionBy } = declaration
  if (!isCategory(category))
    problems.push(
      `${name}: category ${JSON.stringify(category)} must be a small letter, then small letters, digits and _ (no hyphen)`,
    )
  if (type.length > 0)
    problems.push(
      `${name}: its constructor takes ${type.length} arguments, it must take none; services come by @Handle(…, { inject: [TOKEN] })`,
    )
  const snapshots = snapshotPolicy(declaration)
  if (snapshots) problems.push(...policyProblems(type, snapshots))
  const methods = methodDeclarations(type)
  const handlers = new Map<Newable, HandlerDefinition>()
  for (const { command, method, inject } of methods.handlers) {
    const info = messageInfo(command)
    const before = handlers.get(command)
    if (info?.kind !== 'command')
      problems.push(`${name}.${method}: @Handle needs a class that extends Command('name')`)
    else if (before && before.method !== method)
      problems.push(
        `${name}: command "${info.name}" has two handlers, ${before.method} and ${method}; keep one`,
      )
    else handlers.set(command, { command, commandName: info.name, method, inject })
  }
  const appliers = new Map<object, string>()
  const events: Newable[] = []
  for (const { event, method } of methods.appliers) {
    const info = messageInfo(event)
    const before = info && appliers.get(event.prototype as object)
    if (info?.kind !== 'event')
      problems.push(`${name}.${method}: @Apply needs a class that extends Event('name')`)
    else if (before !== undefined && before !== method)
      problems.push(`${name}: event "${info.name}" has two @Apply methods, ${before} and ${method}; keep one`)
    else {
      if (before === undefined) events.push(event)
      appliers.set(event.prototype as object, method)
    }
  }
  return {
    type,
    category,
    ...(partitionBy && { partitionBy }),
    ...(snapshots && { snapshots }),
    handlers: [...handlers.values()],
    appliers,
    events,
    problems,
  }
}

function broken(type: AggregateClass, problems: readonly string[]): AggregateDefinition {
  return { type, category: '', handlers: [], appliers: new Map(), events: [], problems }
}
