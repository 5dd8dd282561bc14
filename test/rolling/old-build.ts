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
  Upsert,
  type EventMeta,
  type SqlTx,
} from '@hindcast/core'
import { EntriesRow, withEntries, type Build } from './build.js'
import { Fill, Jar, Jars, ShowJar } from './jars.js'

class Deposited extends Event('account.deposited') {
  id!: string
}
class Tipped extends Event('account.tipped') {
  id!: string
}
class Moved extends Event('account.moved') {
  id!: string
}
class Greeted extends Event('account.greeted') {
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
class ShowAccount extends Command('account.show')<readonly string[]> {}

@Aggregate('account', { snapshotEvery: 2, snapshotOnStop: true })
class Account extends AggregateRoot<Deposited | Tipped | Moved | Greeted> {
  entries: string[] = []
  @Handle(Deposit) deposit({ id }: Deposit): void {
    this.emit(Deposited, { id })
  }
  @Handle(Tip) tip({ id }: Tip): void {
    this.emit(Tipped, { id })
  }
  @Handle(Move) move({ id }: Move): void {
    this.emit(Moved, { id })
  }
  @Handle(Greet) greet({ id }: Greet): void {
    this.emit(Greeted, { id })
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
  @Apply(Moved) moved({ id }: Moved): void {
    this.entries.push(`${id}/taken`, `${id}/given`)
  }
  @Apply(Greeted) greeted({ id }: Greeted): void {
    this.entries.push(id)
  }
}

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
  @Upsert(Moved) moved(row: EntriesRow | undefined, { id }: Moved, { key }: EventMeta): EntriesRow {
    return withEntries(row, key, `${id}/taken`, `${id}/given`)
  }
  @Upsert(Greeted) greeted(row: EntriesRow | undefined, { id }: Greeted, { key }: EventMeta): EntriesRow {
    return withEntries(row, key, id)
  }
}

/** Nothing in this table would refuse an entry that comes twice. */
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
  @Project(Moved) async moved({ id }: Moved, { key }: EventMeta, sql: SqlTx): Promise<void> {
    await insert(sql, key, `${id}/taken`)
    await insert(sql, key, `${id}/given`)
  }
  @Project(Greeted) greeted({ id }: Greeted, { key }: EventMeta, sql: SqlTx): Promise<void> {
    return insert(sql, key, id)
  }
}

async function insert(sql: SqlTx, account: string, entry: string): Promise<void> {
  await sql.query('insert into entries (account, entry) values ($1, $2)', [account, entry])
}

/** The service before the release. */
export const oldBuild: Build = {
  aggregates: [Account, Jar],
  projections: [Accounts, Entries, Jars],
  upcasters: [],
  command: (kind, id) => {
    if (kind === 'deposit') return Deposit.of({ id })
    if (kind === 'tip') return Tip.of({ id })
    if (kind === 'move') return Move.of({ id })
    if (kind === 'greet') return Greet.of({ id })
    if (kind === 'fill') return Fill.of({ id })
    throw new Error(`the old build has no command for ${kind}`)
  },
  show: aggregate => (aggregate === 'account' ? ShowAccount.of() : ShowJar.of()),
}
