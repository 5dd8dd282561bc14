import {
  aggregateDefinition,
  type AggregateClass,
  type AggregateDefinition,
} from '../aggregate/definition.js'
import type { Route } from '../command/job.js'
import type { Services } from '../container/services.js'
import type { Newable } from '../message/message.js'
import { hasAsyncRule } from '../validation/async-rules.js'

/** The aggregates of an app, which command goes to which of them, and what is wrong with them. @internal */
export interface Registry {
  readonly aggregates: readonly AggregateDefinition[]
  readonly routes: ReadonlyMap<unknown, Route>
  readonly events: readonly Newable[]
  /** The categories of the streams that an event is appended to. */
  readonly categoriesOf: (event: Newable) => readonly string[]
  /** The partition key of a stream; the stream id where its category is unknown. */
  readonly partitionKeyOf: (stream: string) => string
  readonly problems: readonly string[]
}

/** Collects the aggregates; never throws. @internal */
export function buildRegistry(classes: readonly AggregateClass[]): Registry {
  const aggregates = [...new Set(classes)].map(aggregateDefinition)
  const problems = aggregates.flatMap(aggregate => aggregate.problems)
  const byCategory = new Map<string, AggregateDefinition>()
  const byCommand = new Map<string, Route>()
  const routes = new Map<unknown, Route>()
  for (const aggregate of aggregates) {
    const sameCategory = byCategory.get(aggregate.category)
    if (sameCategory && aggregate.category !== '')
      problems.push(
        `category "${aggregate.category}" belongs to both ${sameCategory.type.name} and ${aggregate.type.name}; their streams would mix`,
      )
    else byCategory.set(aggregate.category, aggregate)
    for (const handler of aggregate.handlers) {
      const before = byCommand.get(handler.commandName)
      if (before)
        problems.push(
          `command "${handler.commandName}" has two handlers: ${before.aggregate.type.name}.${before.handler.method} and ` +
            `${aggregate.type.name}.${handler.method}; a command has exactly one`,
        )
      byCommand.set(handler.commandName, { aggregate, handler })
      routes.set(handler.command, { aggregate, handler })
    }
  }
  const events = [...new Set(aggregates.flatMap(aggregate => aggregate.events))]
  for (const event of events)
    if (hasAsyncRule(event))
      problems.push(
        `event ${event.name} has an asynchronous class-validator rule; events are checked synchronously when emitted. Check it in the command`,
      )
  const categoriesOf = (event: Newable): readonly string[] =>
    aggregates.filter(aggregate => aggregate.events.includes(event)).map(aggregate => aggregate.category)
  const partitionKeyOf = (stream: string): string => {
    const hyphen = stream.indexOf('-')
    const partitionBy = byCategory.get(stream.slice(0, hyphen))?.partitionBy
    return partitionBy ? partitionBy(stream.slice(hyphen + 1)) : stream
  }
  return { aggregates, routes, events, categoriesOf, partitionKeyOf, problems }
}

/** What handlers inject and no module binds. @internal */
export function serviceProblems({ aggregates }: Registry, services: Services): readonly string[] {
  return aggregates.flatMap(({ type, handlers }) =>
    handlers.flatMap(({ method, inject }) =>
      inject
        .filter(service => service === undefined || !services.has(service))
        .map(
          service =>
            `${type.name}.${method} injects ${nameOf(service)}, which no module binds; bind it in a ContainerModule and pass it in modules`,
        ),
    ),
  )
}

function nameOf(service: unknown): string {
  if (typeof service === 'symbol')
    return service.description?.replace('hindcast:token:', 'token ') ?? 'a token'
  return typeof service === 'function' ? service.name : String(service)
}
