import {
  Column,
  Delete,
  Event,
  Key,
  Project,
  Projection,
  projectionInfo,
  RowProjection,
  type ProjectionDefinition,
} from '@hindcast/core'

class Happened extends Event('contract.happened') {}

/** How often something happened. */
export class CounterRow {
  @Key() @Column('text') id!: string
  @Column('bigint') count!: bigint
}

@Projection('contract_counters', { version: 1, row: CounterRow })
class Counters extends RowProjection<CounterRow> {
  @Delete(Happened) happened(): void {}
}

@Projection('contract_counters', { version: 2, row: CounterRow })
class CountersAnew extends RowProjection<CounterRow> {
  @Delete(Happened) happened(): void {}
}

class RenamedRow {
  @Key() @Column('text') id!: string
  @Column('bigint') total!: bigint
}

@Projection('contract_counters', { version: 1, row: RenamedRow })
class RenamedCounters extends RowProjection<RenamedRow> {
  @Delete(Happened) happened(): void {}
}

class RetypedRow {
  @Key() @Column('text') id!: string
  @Column('bigint', { nullable: true }) count!: bigint | null
}

@Projection('contract_counters', { version: 1, row: RetypedRow })
class RetypedCounters extends RowProjection<RetypedRow> {
  @Delete(Happened) happened(): void {}
}

/** A column of every type, under names that SQL takes amiss. */
export class EverythingRow {
  @Key() @Column('text') id!: string
  @Column('text', { nullable: true }) select!: string | null
  @Column('integer', { nullable: true }) Order!: number | null
  @Column('bigint', { nullable: true }) user!: bigint | null
  @Column('double precision', { nullable: true }) theDouble!: number | null
  @Column('boolean', { nullable: true }) table!: boolean | null
  @Column('timestamptz', { nullable: true }) ORDER!: Date | null
  @Column('jsonb', { nullable: true }) _json!: object | null
  @Column('uuid', { nullable: true }) next!: string | null
}

@Projection('contract_everything', { version: 1, row: EverythingRow })
class Everything extends RowProjection<EverythingRow> {
  @Delete(Happened) happened(): void {}
}

/** Rows with a small number as key. */
export class IntegerRow {
  @Key() @Column('integer') id!: number
}

@Projection('contract_integers', { version: 1, row: IntegerRow })
class Integers extends RowProjection<IntegerRow> {
  @Delete(Happened) happened(): void {}
}

/** Rows with a large number as key. */
export class BigintRow {
  @Key() @Column('bigint') id!: bigint
}

@Projection('contract_bigints', { version: 1, row: BigintRow })
class Bigints extends RowProjection<BigintRow> {
  @Delete(Happened) happened(): void {}
}

/** Rows with a UUID as key. */
export class UuidRow {
  @Key() @Column('uuid') id!: string
}

@Projection('contract_uuids', { version: 1, row: UuidRow })
class Uuids extends RowProjection<UuidRow> {
  @Delete(Happened) happened(): void {}
}

@Projection('contract_ledger', {
  version: 1,
  tables: 'create table entries (id text primary key, amount bigint not null)',
})
class Ledger {
  @Project(Happened) async happened(): Promise<void> {}
}

/** Most clauses are about rows of this. */
export const COUNTERS: ProjectionDefinition = projectionInfo(Counters)
/** Its next version, with rows of its own. */
export const COUNTERS_ANEW: ProjectionDefinition = projectionInfo(CountersAnew)
/** Other columns under the same name and version. */
export const RENAMED_COUNTERS: ProjectionDefinition = projectionInfo(RenamedCounters)
/** The same columns, one of which may be null now. */
export const RETYPED_COUNTERS: ProjectionDefinition = projectionInfo(RetypedCounters)
/** A column of every type. */
export const EVERYTHING: ProjectionDefinition = projectionInfo(Everything)
/** Keys of type integer. */
export const INTEGERS: ProjectionDefinition = projectionInfo(Integers)
/** Keys of type bigint. */
export const BIGINTS: ProjectionDefinition = projectionInfo(Bigints)
/** Keys of type uuid. */
export const UUIDS: ProjectionDefinition = projectionInfo(Uuids)
/** A projection with SQL. */
export const LEDGER: ProjectionDefinition = projectionInfo(Ledger)
