import type { ColumnType, ColumnTypes } from './column-types.js'
import { declareColumn, declareKey } from './declarations.js'

/** Settings of a column. */
export interface ColumnOptions {
  /** The column may be null; its property's type then includes null. Default false: the table says NOT NULL. */
  readonly nullable?: boolean
}

/** What a column of a type accepts as its property, decided by `nullable`. */
type Property<T, K extends string, V, N extends boolean> = N extends true
  ? T extends { readonly [P in K]: V | null }
    ? null extends T[K]
      ? T
      : { readonly 'a nullable column needs a property of type … | null': K }
    : { readonly [P in K]: V | null }
  : { readonly [P in K]: V }

/** Makes a property a column: `@Column('bigint') cents!: bigint`. Another property type does not compile. */
export function Column<const C extends ColumnType, const N extends boolean = false>(
  type: C,
  options?: { readonly nullable?: N },
): <T extends object, K extends string>(target: T & Property<T, K, ColumnTypes[C], N>, property: K) => void {
  return (target, property) => declareColumn(target, { property, type, nullable: options?.nullable ?? false })
}

/**
 * Makes a column the row's key: `@Key() @Column('text') id!: string`. Every row class has exactly one, of type text, uuid,
 * integer or bigint; folds and readers name its value as text.
 */
export function Key(): (target: object, property: string) => void {
  return (target, property) => declareKey(target, property)
}
