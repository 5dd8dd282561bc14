import { messageInfo, type Newable } from '../../message/message.js'
import { foldDeclarations, type FoldDeclaration } from '../declare/declarations.js'
import type { FoldDefinition } from './definition.js'

/** The folds of a class by the prototype of their event; a child's fold replaces its parent's method of that name. */
export function foldsOf(type: Newable, problems: string[]): ReadonlyMap<object, FoldDefinition> {
  const folds = new Map<object, FoldDefinition>()
  for (const ofClass of foldDeclarations(type)) {
    const own = new Set<object>()
    for (const declaration of ofClass) {
      const fold = foldOf(type, declaration, problems)
      if (!fold) continue
      const event = fold.event.prototype as object
      const before = folds.get(event)
      if (before && (own.has(event) || before.method !== fold.method))
        problems.push(twice(type, before, fold))
      own.add(event)
      folds.set(event, fold)
    }
  }
  return folds
}

function foldOf(
  type: Newable,
  { kind, event, method, key }: FoldDeclaration,
  problems: string[],
): FoldDefinition | undefined {
  const info = messageInfo(event)
  if (info?.kind !== 'event') {
    problems.push(`${type.name}.${method}: @${decorator(kind)} needs a class that extends Event('name')`)
    return undefined
  }
  if (key !== undefined && typeof key !== 'function')
    problems.push(
      `${type.name}.${method}: the option key of @${decorator(kind)} must be a function (event, meta) => key`,
    )
  return { kind, event, eventName: info.name, method, ...(key && { key }) }
}

function twice(type: Newable, before: FoldDefinition, now: FoldDefinition): string {
  const named = (fold: FoldDefinition): string => `@${decorator(fold.kind)} ${fold.method}`
  return (
    `${type.name}: event "${now.eventName}" is folded twice, by ${named(before)} and ${named(now)}; ` +
    'keep one (several rows: the option key may return several keys)'
  )
}

function decorator(kind: string): string {
  return kind[0]!.toUpperCase() + kind.slice(1)
}
