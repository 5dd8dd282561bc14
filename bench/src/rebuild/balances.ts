import { Column, Key, Projection, RowProjection, Upsert, type EventMeta } from '@hindcast/core'
import { AccountOpened, Deposited } from '../bank/account.js'

/** What is known of an account, or of a customer. */
export class BalanceRow {
  @Key() @Column('text') id!: string
  @Column('bigint') cents!: bigint
  @Column('integer') events!: number
}

/** A row an account: each is fed from one partition. */
@Projection('bench_balances', { version: 1, row: BalanceRow })
export class Balances extends RowProjection<BalanceRow> {
  @Upsert(AccountOpened) opened(row: BalanceRow | undefined, _: AccountOpened, { key }: EventMeta) {
    return { id: key, cents: row?.cents ?? 0n, events: (row?.events ?? 0) + 1 }
  }

  @Upsert(Deposited) deposited(row: BalanceRow | undefined, { cents }: Deposited, { key }: EventMeta) {
    return { id: key, cents: (row?.cents ?? 0n) + BigInt(cents), events: (row?.events ?? 0) + 1 }
  }
}

const CUSTOMERS = 1000

/** Whose account it is: ten accounts of a customer lie in several partitions. */
export function customerOf(account: string): string {
  return `customer-${Number(account.slice(account.lastIndexOf('-') + 1)) % CUSTOMERS}`
}

/** A row a customer: each is fed from several partitions. */
@Projection('bench_customers', { version: 1, row: BalanceRow })
export class Customers extends RowProjection<BalanceRow> {
  @Upsert(AccountOpened, { key: (_, { key }) => customerOf(key) }) opened(
    row: BalanceRow | undefined,
    _: AccountOpened,
    __: EventMeta,
    id: string,
  ) {
    return { id, cents: row?.cents ?? 0n, events: (row?.events ?? 0) + 1 }
  }

  @Upsert(Deposited, { key: (_, { key }) => customerOf(key) }) deposited(
    row: BalanceRow | undefined,
    { cents }: Deposited,
    _: EventMeta,
    id: string,
  ) {
    return { id, cents: (row?.cents ?? 0n) + BigInt(cents), events: (row?.events ?? 0) + 1 }
  }
}
