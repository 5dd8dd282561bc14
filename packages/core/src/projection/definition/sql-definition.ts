import { messageInfo, type Newable } from '../../message/message.js'
import { sqlHandlerDeclarations } from '../declare/declarations.js'
import type { SqlHandlerDefinition } from './definition.js'

/** The @Project methods of a class by the prototype of their event; a child's replaces its parent's of that name. */
export function sqlHandlersOf(type: Newable, problems: string[]): ReadonlyMap<object, SqlHandlerDefinition> {
  const handlers = new Map<object, SqlHandlerDefinition>()
  for (const { event, method } of sqlHandlerDeclarations(type).flat()) {
    const info = messageInfo(event)
    if (info?.kind !== 'event') {
      problems.push(`${type.name}.${method}: @Project needs a class that extends Event('name')`)
      continue
    }
    const before = handlers.get(event.prototype as object)
    if (before && before.method !== method)
      problems.push(
        `${type.name}: event "${info.name}" is projected twice, by ${before.method} and ${method}; keep one`,
      )
    handlers.set(event.prototype as object, { event, eventName: info.name, method })
  }
  return handlers
}
