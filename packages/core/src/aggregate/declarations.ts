import type { Injectable } from '../container/token.js'
import type { Newable } from '../message/message.js'

/** The @Handle of one method. @internal */
export interface HandlerDeclaration {
  readonly command: Newable
  readonly method: string
  readonly inject: readonly Injectable[]
}

/** The @Apply of one method. @internal */
export interface ApplierDeclaration {
  readonly event: Newable
  readonly method: string
}

/** The @Aggregate of one class. @internal */
export interface AggregateDeclaration {
  readonly category: string
  readonly partitionBy?: (key: string) => string
  readonly snapshotEvery?: number
  readonly snapshotOnStop?: boolean
  readonly snapshotVersion?: number
}

interface MethodDeclarations {
  readonly handlers: HandlerDeclaration[]
  readonly appliers: ApplierDeclaration[]
}

const aggregates = new WeakMap<object, AggregateDeclaration>()
const methods = new WeakMap<object, MethodDeclarations>()

/** @internal */
export function declareAggregate(type: object, declaration: AggregateDeclaration): void {
  aggregates.set(type, declaration)
}

/** @internal */
export function declareHandler(prototype: object, declaration: HandlerDeclaration): void {
  ofPrototype(prototype).handlers.push(declaration)
}

/** @internal */
export function declareApplier(prototype: object, declaration: ApplierDeclaration): void {
  ofPrototype(prototype).appliers.push(declaration)
}

/** What a class declares itself; undefined without @Aggregate. @internal */
export function aggregateDeclaration(type: object): AggregateDeclaration | undefined {
  return aggregates.get(type)
}

/** The methods declared by a class and its parents, the parents' first. @internal */
export function methodDeclarations(type: Newable): MethodDeclarations {
  const handlers: HandlerDeclaration[] = []
  const appliers: ApplierDeclaration[] = []
  for (
    let prototype = type.prototype as object | null;
    prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    const own = methods.get(prototype)
    if (own) {
      handlers.unshift(...own.handlers)
      appliers.unshift(...own.appliers)
    }
  }
  return { handlers, appliers }
}

function ofPrototype(prototype: object): MethodDeclarations {
  let own = methods.get(prototype)
  if (!own) methods.set(prototype, (own = { handlers: [], appliers: [] }))
  return own
}
