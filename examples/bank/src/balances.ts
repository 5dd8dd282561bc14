import { Column, Insert, Key, Projection, RowProjection, Update, type EventMeta } from '@hindcast/core'
import { AccountOpened, Deposited, Withdrawn } from './account.js'

export class BalanceRow {
  @Key() @Column('text') id!: string
  @Column('text') owner!: string
  @Column('bigint') cents!: bigint
}

@Projection('balances', { version: 1, row: BalanceRow })
export class Balances extends RowProjection<BalanceRow> {
  @Insert(AccountOpened) opened(event: AccountOpened, meta: EventMeta): BalanceRow {
    return { id: meta.key, owner: event.owner, cents: 0n }
  }
  @Update(Deposited) deposited(row: BalanceRow, event: Deposited) {
    row.cents += BigInt(event.cents)
    return row
  }
  @Update(Withdrawn) withdrawn(row: BalanceRow, event: Withdrawn) {
    row.cents -= BigInt(event.cents)
    return row
  }
}
