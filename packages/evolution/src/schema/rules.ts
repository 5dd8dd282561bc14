import { getMetadataStorage, ValidationTypes } from 'class-validator'
import type { Newable } from '@hindcast/core'

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number]

/** One rule of class-validator on one field. @internal */
export interface Rule {
  /** class-validator's name of it: `isInt`; of a validator class, the name it was given. */
  readonly name: string
  /** What it was given: `[5]` of `@Min(5)`. */
  readonly args: readonly unknown[]
  /** Counts for each element of a list. */
  readonly each: boolean
  /** Counts only under a condition that is code. */
  readonly conditional: boolean
}

/** The rules of one field. @internal */
export interface FieldRules {
  /** `@IsOptional()`: null and missing pass, whatever else is said. */
  readonly optional: boolean
  /** `@ValidateNested()`; `'if'` under a condition that is code. */
  readonly nested: 'yes' | 'no' | 'if'
  readonly rules: readonly Rule[]
}

/** The rules of a class and its parents, by field. @internal */
export function rulesOf(type: Newable): ReadonlyMap<string, FieldRules> {
  const storage = getMetadataStorage()
  const fields = new Map<string, Metadata[]>()
  for (const metadata of storage.getTargetValidationMetadatas(type, '', false, false)) {
    const own = fields.get(metadata.propertyName)
    if (own) own.push(metadata)
    else fields.set(metadata.propertyName, [metadata])
  }
  return new Map(Array.from(fields, ([field, metadatas]) => [field, fieldRules(metadatas)]))
}

function fieldRules(metadatas: readonly Metadata[]): FieldRules {
  const conditions = metadatas.filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION)
  const optional = conditions.some(({ name }) => name === 'isOptional')
  const conditional = conditions.some(({ name }) => name !== 'isOptional')
  const nested = metadatas.some(({ type }) => type === ValidationTypes.NESTED_VALIDATION)
  return {
    optional,
    nested: !nested ? 'no' : conditional ? 'if' : 'yes',
    rules: metadatas.filter(isRule).map(metadata => ({
      name: nameOf(metadata),
      args: (metadata.constraints as readonly unknown[] | undefined) ?? [],
      each: metadata.each ?? false,
      conditional: conditional || metadata.validateIf !== undefined,
    })),
  }
}

function isRule({ type }: Metadata): boolean {
  return (
    type !== ValidationTypes.CONDITIONAL_VALIDATION &&
    type !== ValidationTypes.NESTED_VALIDATION &&
    type !== ValidationTypes.WHITELIST
  )
}

function nameOf(metadata: Metadata): string {
  const [constraint] = getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls)
  return metadata.name ?? constraint?.name ?? metadata.type
}

/** A rule as a text, for comparing: its name and what it was given. @internal */
export function textOf({ name, args }: Rule): string {
  const given = args.filter(arg => arg !== undefined).map(shown)
  return [name, ...given].join(' ')
}

function shown(arg: unknown): string {
  if (arg instanceof RegExp) return String(arg)
  if (typeof arg === 'function') return arg.prototype === undefined ? '(code)' : arg.name
  return (
    JSON.stringify(arg, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) ??
    String(arg)
  )
}
