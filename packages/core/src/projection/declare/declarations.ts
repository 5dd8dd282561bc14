import type { Newable } from '../../message/message.js'
import type { ColumnType } from './column-types.js'
import type { FailurePolicy } from './failure-policy.js'
import type { FoldKind, KeyFunction } from './fold.js'

/** The @Projection of one class. @internal */
export interface ProjectionDeclaration {
  readonly name: string
  readonly version: number
  readonly row?: new () => object
  readonly tables?: string
  readonly handlerTimeoutMs?: number
  readonly onFailure?: FailurePolicy
}

/** The @Insert, @Update, @Upsert or @Delete of one method. @internal */
export interface FoldDeclaration {
  readonly kind: FoldKind
  readonly event: Newable
  readonly method: string
  readonly key?: KeyFunction
}

/** The @Project of one method. @internal */
export interface SqlHandlerDeclaration {
  readonly event: Newable
  readonly method: string
}

/** The @Column of one property. @internal */
export interface ColumnDeclaration {
  readonly property: string
  readonly type: ColumnType
  readonly nullable: boolean
}

const projections = new WeakMap<object, ProjectionDeclaration>()
const folds = new WeakMap<object, FoldDeclaration[]>()
const sqlHandlers = new WeakMap<object, SqlHandlerDeclaration[]>()
const columns = new WeakMap<object, ColumnDeclaration[]>()
const keys = new WeakMap<object, string[]>()

/** @internal */
export function declareProjection(type: object, declaration: ProjectionDeclaration): void {
  projections.set(type, declaration)
}

/** What a class declares itself; a parent's @Projection names only the parent. @internal */
export function projectionDeclaration(type: object): ProjectionDeclaration | undefined {
  return projections.get(type)
}

/** @internal */
export function declareFold(prototype: object, declaration: FoldDeclaration): void {
  add(folds, prototype, declaration)
}

/** @internal */
export function declareSqlHandler(prototype: object, declaration: SqlHandlerDeclaration): void {
  add(sqlHandlers, prototype, declaration)
}

/** @internal */
export function declareColumn(prototype: object, declaration: ColumnDeclaration): void {
  add(columns, prototype, declaration)
}

/** @internal */
export function declareKey(prototype: object, property: string): void {
  add(keys, prototype, property)
}

/** The folds of a class, one list a class of its chain, the parents' first. @internal */
export function foldDeclarations(type: Newable): readonly (readonly FoldDeclaration[])[] {
  return chain(folds, type)
}

/** The SQL handlers of a class, one list a class of its chain, the parents' first. @internal */
export function sqlHandlerDeclarations(type: Newable): readonly (readonly SqlHandlerDeclaration[])[] {
  return chain(sqlHandlers, type)
}

/** The columns of a row class and its parents, in the order written, the parents' first. @internal */
export function columnDeclarations(type: Newable): readonly ColumnDeclaration[] {
  return chain(columns, type).flat()
}

/** The properties of a row class and its parents that are marked as key. @internal */
export function keyDeclarations(type: Newable): readonly string[] {
  return chain(keys, type).flat()
}

function add<T>(table: WeakMap<object, T[]>, prototype: object, declaration: T): void {
  const own = table.get(prototype)
  if (own) own.push(declaration)
  else table.set(prototype, [declaration])
}

function chain<T>(table: WeakMap<object, T[]>, type: Newable): readonly (readonly T[])[] {
  const lists: T[][] = []
  for (
    let prototype = type.prototype as object | null;
    prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    const own = table.get(prototype)
    if (own) lists.unshift(own)
  }
  return lists
}
