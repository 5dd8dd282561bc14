import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  Event,
  Handle,
  park,
  Project,
  Projection,
  RowProjection,
  upcast,
  Upsert,
  type EventMeta,
  type SqlTx,
} from '@hindcast/core'
import { EntriesRow, withEntries, type Build } from './build.js'
import { Fill, Jar, Jars, ShowJar } from './jars.js'

/** A new version of a known event. */
class Deposited extends Event('account.deposited', { version: 2 }) {
  id!: string
  currency!: string
}
/** A new field that may be missing: no new version. */
class Tipped extends Event('account.tipped') {
  id!: string
  by?: string
}
/** The parts that `account.moved` is split into, written in its place from now on. */
class Taken extends Event('account.taken') {
  id!: string
}
class Given extends Event('account.given') {
  id!: string
}
/** Another name. */
class Welcomed extends Event('account.welcomed', { formerly: ['account.greeted'] }) {
  id!: string
}
/** Nothing of the kind was there. */
class Noted extends Event('account.noted') {
  id!: string
}
class Deposit extends Command('account.deposit') {
  id!: string
}
class Tip extends Command('account.tip') {
  id!: string
}
class Move extends Command('account.move') {
  id!: string
}
class Greet extends Command('account.greet') {
  id!: string
}
class Note extends Command('account.note') {
  id!: string
}
class ShowAccount extends Command('account.show')<readonly string[]> {}

@Aggregate('account', { snapshotEvery: 2, snapshotOnStop: true })
class Account extends AggregateRoot<Deposited | Tipped | Taken | Given | Welcomed | Noted> {
  entries: string[] = []
  @Handle(Deposit) deposit({ id }: Deposit): void {
    this.emit(Deposited, { id, currency: 'EUR' })
  }
  @Handle(Tip) tip({ id }: Tip): void {
    this.emit(Tipped, { id, by: 'somebody' })
  }
  @Handle(Move) move({ id }: Move): void {
    this.emit(Taken, { id })
    this.emit(Given, { id })
  }
  @Handle(Greet) greet({ id }: Greet): void {
    this.emit(Welcomed, { id })
  }
  @Handle(Note) note({ id }: Note): void {
    this.emit(Noted, { id })
  }
  @Handle(ShowAccount) show(): readonly string[] {
    return this.entries
  }
  @Apply(Deposited) deposited({ id }: Deposited): void {
    this.entries.push(id)
  }
  @Apply(Tipped) tipped({ id }: Tipped): void {
    this.entries.push(id)
  }
  @Apply(Taken) taken({ id }: Taken): void {
    this.entries.push(`${id}/taken`)
  }
  @Apply(Given) given({ id }: Given): void {
    this.entries.push(`${id}/given`)
  }
  @Apply(Welcomed) welcomed({ id }: Welcomed): void {
    this.entries.push(id)
  }
  @Apply(Noted) noted({ id }: Noted): void {
    this.entries.push(id)
  }
}

/** The same rows as those of the old build, and the same version of the projection. */
@Projection('accounts', { version: 1, row: EntriesRow, onFailure: park() })
class Accounts extends RowProjection<EntriesRow> {
  @Upsert(Deposited) deposited(
    row: EntriesRow | undefined,
    { id }: Deposited,
    { key }: EventMeta,
  ): EntriesRow {
    return withEntries(row, key, id)
  }
  @Upsert(Tipped) tipped(row: EntriesRow | undefined, { id }: Tipped, { key }: EventMeta): EntriesRow {
    return withEntries(row, key, id)
  }
  @Upsert(Taken) taken(row: EntriesRow | undefined, { id }: Taken, { key }: EventMeta): EntriesRow {
    return withEntries(row, key, `${id}/taken`)
  }
  @Upsert(Given) given(row: EntriesRow | undefined, { id }: Given, { key }: EventMeta): EntriesRow {
    return withEntries(row, key, `${id}/given`)
  }
  @Upsert(Welcomed) welcomed(row: EntriesRow | undefined, { id }: Welcomed, { key }: EventMeta): EntriesRow {
    return withEntries(row, key, id)
  }
  @Upsert(Noted) noted(row: EntriesRow | undefined, { id }: Noted, { key }: EventMeta): EntriesRow {
    return withEntries(row, key, id)
  }
}

@Projection('entries', {
  version: 1,
  tables: 'create table entries (account text not null, entry text not null)',
})
class Entries {
  @Project(Deposited) deposited({ id }: Deposited, { key }: EventMeta, sql: SqlTx): Promise<void> {
    return insert(sql, key, id)
  }
  @Project(Tipped) tipped({ id }: Tipped, { key }: EventMeta, sql: SqlTx): Promise<void> {
    return insert(sql, key, id)
  }
  @Project(Taken) taken({ id }: Taken, { key }: EventMeta, sql: SqlTx): Promise<void> {
    return insert(sql, key, `${id}/taken`)
  }
  @Project(Given) given({ id }: Given, { key }: EventMeta, sql: SqlTx): Promise<void> {
    return insert(sql, key, `${id}/given`)
  }
  @Project(Welcomed) welcomed({ id }: Welcomed, { key }: EventMeta, sql: SqlTx): Promise<void> {
    return insert(sql, key, id)
  }
  @Project(Noted) noted({ id }: Noted, { key }: EventMeta, sql: SqlTx): Promise<void> {
    return insert(sql, key, id)
  }
}

async function insert(sql: SqlTx, account: string, entry: string): Promise<void> {
  await sql.query('insert into entries (account, entry) values ($1, $2)', [account, entry])
}

/** The service after the release. */
export const newBuild: Build = {
  aggregates: [Account, Jar],
  projections: [Accounts, Entries, Jars],
  upcasters: [
    upcast(Deposited)
      .from<{ id: string }>(1)
      .up(old => ({ ...old, currency: 'EUR' }))
      .done(),
    upcast('account.moved')
      .from<{ id: string }>(1)
      .split(({ id }) => [Taken.of({ id }), Given.of({ id })]),
  ],
  command: (kind, id) => {
    if (kind === 'deposit') return Deposit.of({ id })
    if (kind === 'tip') return Tip.of({ id })
    if (kind === 'move') return Move.of({ id })
    if (kind === 'greet') return Greet.of({ id })
    if (kind === 'note') return Note.of({ id })
    return Fill.of({ id })
  },
  show: aggregate => (aggregate === 'account' ? ShowAccount.of() : ShowJar.of()),
}
