import {
  Aggregate,
  AggregateRoot,
  Apply,
  Column,
  Command,
  Event,
  Handle,
  Key,
  Project,
  Projection,
  RowProjection,
  Upsert,
  type EventMeta,
  type SqlTx,
} from '@hindcast/core'
import { IsInt } from 'class-validator'

export class Counted extends Event('counter.counted') {
  @IsInt() n!: number
}
export class Count extends Command('counter.count') {}

@Aggregate('counter')
export class Counter extends AggregateRoot<Counted> {
  n = 0
  @Handle(Count) count(): void {
    this.emit(Counted, { n: this.n + 1 })
  }
  @Apply(Counted) counted(event: Counted): void {
    this.n = event.n
  }
}

/** A row for each counter, with every number that it was given, in order: what is lost or doubled can be read from it. */
export class TallyRow {
  @Key() @Column('text') id!: string
  @Column('bigint') count!: bigint
  @Column('jsonb') numbers!: number[]
}

@Projection('tally', { version: 1, row: TallyRow })
export class Tally extends RowProjection<TallyRow> {
  @Upsert(Counted) counted(row: TallyRow | undefined, event: Counted, meta: EventMeta): TallyRow {
    return {
      id: meta.key,
      count: (row?.count ?? 0n) + 1n,
      numbers: [...(row?.numbers ?? []), event.n],
    }
  }
}

/** One row that every partition counts in. */
export class TotalRow {
  @Key() @Column('text') id!: string
  @Column('bigint') count!: bigint
}

@Projection('totals', { version: 1, row: TotalRow })
export class Totals extends RowProjection<TotalRow> {
  @Upsert(Counted, { key: () => 'all' }) counted(row: TotalRow | undefined): TotalRow {
    return { id: 'all', count: (row?.count ?? 0n) + 1n }
  }
}

/** Nothing in these tables would refuse an event that comes twice. */
@Projection('entries', {
  version: 1,
  tables: 'create table entries (counter text not null, n integer not null)',
})
export class Entries {
  @Project(Counted) async counted(event: Counted, meta: EventMeta, sql: SqlTx): Promise<void> {
    await sql.query('insert into entries (counter, n) values ($1, $2)', [meta.key, event.n])
  }
}

export const PROJECTIONS: readonly (new () => object)[] = [Tally, Totals, Entries]
