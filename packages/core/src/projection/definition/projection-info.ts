import type { Newable } from '../../message/message.js'
import { projectionDeclaration, type ProjectionDeclaration } from '../declare/declarations.js'
import type { ProjectionDefinition, RowProjectionDefinition, SqlProjectionDefinition } from './definition.js'
import { policyProblem, stop, type FailurePolicy } from '../declare/failure-policy.js'
import { foldsOf } from './fold-definition.js'
import { NO_ROW, rowDefinition } from '../row/row-definition.js'
import { RowProjection } from '../declare/row-projection.js'
import { sqlHandlersOf } from './sql-definition.js'

const NAME = /^[a-z][a-z0-9_]{0,49}$/
const TAKEN: readonly string[] = ['read', 'hindcast', 'public', 'information_schema']
const DEFAULT_HANDLER_TIMEOUT_MS = 30_000
const MAX_HANDLER_TIMEOUT_MS = 3_600_000
const UNNAMED: ProjectionDeclaration = { name: '', version: 0 }

/** Reads the decorators of a projection class. Never throws: what is wrong is listed in `problems`. */
export function projectionInfo(type: Newable): ProjectionDefinition {
  if (typeof type !== 'function') return noClass(type)
  const problems: string[] = []
  const declaration = projectionDeclaration(type)
  if (!declaration) problems.push(`${type.name} has no @Projection('name', { version }) decorator`)
  else problems.push(...namingProblems(type, declaration))
  const folds = foldsOf(type, problems)
  const handlers = sqlHandlersOf(type, problems)
  if (folds.size > 0 && handlers.size > 0)
    problems.push(`${type.name} has both row folds and @Project methods; make it two projections`)
  const instance = instanceOf(type, problems)
  const common = { type, instance, problems, onFailure: stop(), ...(declaration ?? UNNAMED) }
  problems.push(...optionProblems(type, common))
  const foldsRows = isRowProjection(type) || declaration?.row !== undefined || folds.size > 0
  return foldsRows ? rowProjection({ ...common, folds }) : sqlProjection({ ...common, handlers })
}

interface Common extends ProjectionDeclaration {
  readonly onFailure: FailurePolicy
  readonly type: Newable
  readonly instance: object
  readonly problems: string[]
}

function rowProjection({
  type,
  name,
  version,
  row,
  onFailure,
  folds,
  instance,
  problems,
}: Common & Pick<RowProjectionDefinition, 'folds'>): RowProjectionDefinition {
  if (!isRowProjection(type)) problems.push(`${type.name} folds rows but does not extend RowProjection<…>`)
  if (folds.size === 0)
    problems.push(`${type.name} has no fold; add @Insert, @Update, @Upsert or @Delete methods`)
  if (!row && name !== '')
    problems.push(`${type.name} folds rows; name their class: @Projection('${name}', { version, row: … })`)
  const rows = row ? rowDefinition(row) : NO_ROW
  problems.push(...rows.problems)
  const events = [...folds.values()].map(fold => fold.event)
  Object.freeze(instance)
  return { kind: 'rows', type, name, version, row: rows, folds, events, instance, onFailure, problems }
}

function sqlProjection({
  type,
  name,
  version,
  tables,
  handlerTimeoutMs = DEFAULT_HANDLER_TIMEOUT_MS,
  onFailure,
  handlers,
  instance,
  problems,
}: Common & Pick<SqlProjectionDefinition, 'handlers'>): SqlProjectionDefinition {
  if (handlers.size === 0)
    problems.push(
      `${type.name} projects no event; add @Project methods, or extend RowProjection<…> and fold rows`,
    )
  const events = [...handlers.values()].map(handler => handler.event)
  return {
    kind: 'sql',
    type,
    name,
    version,
    ...(tables !== undefined && { tables }),
    handlerTimeoutMs,
    onFailure,
    handlers,
    events,
    instance,
    problems,
  }
}

function isRowProjection(type: Newable): boolean {
  return type.prototype instanceof RowProjection
}

function namingProblems(type: Newable, { name, version }: ProjectionDeclaration): readonly string[] {
  const problems: string[] = []
  if (typeof name !== 'string' || !NAME.test(name) || TAKEN.includes(name) || name.startsWith('pg_'))
    problems.push(
      `${type.name}: projection name ${JSON.stringify(name)} must be a small letter, then small letters, digits and _, ` +
        `at most 50, and not ${TAKEN.join(', ')} or pg_…`,
    )
  if (!Number.isSafeInteger(version) || version < 1 || version > 999_999)
    problems.push(`${type.name}: projection version ${String(version)} is not a whole number of 1 to 999999`)
  return problems
}

function optionProblems(
  type: Newable,
  { onFailure, handlerTimeoutMs }: Pick<Common, 'onFailure' | 'handlerTimeoutMs'>,
): readonly string[] {
  const problems: string[] = []
  const policy = policyProblem(onFailure)
  if (policy) problems.push(`${type.name}: the option onFailure cannot be used: ${policy}`)
  if (handlerTimeoutMs !== undefined && !(handlerTimeoutMs > 0 && handlerTimeoutMs <= MAX_HANDLER_TIMEOUT_MS))
    problems.push(
      `${type.name}: handlerTimeoutMs is ${handlerTimeoutMs}; it is above 0, at most ${MAX_HANDLER_TIMEOUT_MS}`,
    )
  return problems
}

function instanceOf(type: Newable, problems: string[]): object {
  if (type.length > 0) {
    problems.push(
      `${type.name}: its constructor takes ${type.length} arguments, a projection's must take none`,
    )
    return {}
  }
  try {
    return new (type as new () => object)()
  } catch (error) {
    problems.push(
      `${type.name}: its constructor throws: ${error instanceof Error ? error.message : String(error)}`,
    )
    return {}
  }
}

function noClass(value: unknown): SqlProjectionDefinition {
  const problems = [
    `${String(value)} is no projection class; projections: […] takes classes with @Projection`,
  ]
  return {
    kind: 'sql',
    type: Object,
    ...UNNAMED,
    handlerTimeoutMs: DEFAULT_HANDLER_TIMEOUT_MS,
    onFailure: stop(),
    handlers: new Map(),
    events: [],
    instance: {},
    problems,
  }
}
