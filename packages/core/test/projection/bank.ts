import {
  Column,
  Delete,
  Event,
  Insert,
  Key,
  makePosition,
  Projection,
  projectionInfo,
  RowProjection,
  Update,
  Upsert,
  type DecodedEvent,
  type EventMeta,
  type Newable,
  type RowProjectionDefinition,
} from '../../src/index.js'

export class Opened extends Event('account.opened') {
  owner!: string
}
export class Deposited extends Event('account.deposited') {
  cents!: number
}
export class Closed extends Event('account.closed') {}
export class Unrelated extends Event('account.unrelated') {}

export class BalanceRow {
  @Key() @Column('text') id!: string
  @Column('text') owner!: string
  @Column('bigint') cents!: bigint
}
/** One row a stream. */
@Projection('balances', { version: 1, row: BalanceRow })
export class Balances extends RowProjection<BalanceRow> {
  @Insert(Opened) opened(event: Opened, meta: EventMeta): BalanceRow {
    return { id: meta.key, owner: event.owner, cents: 0n }
  }
  @Update(Deposited) deposited(row: BalanceRow, event: Deposited) {
    row.cents += BigInt(event.cents)
    return row
  }
  @Delete(Closed) closed() {}
}

export class TotalRow {
  @Key() @Column('text') name!: string
  @Column('integer') deposits!: number
  @Column('bigint') cents!: bigint
}
/** Every deposit counts in two rows, which all streams share. */
@Projection('totals', { version: 1, row: TotalRow })
export class Totals extends RowProjection<TotalRow> {
  @Upsert(Deposited, { key: event => ['all', event.cents % 2 === 0 ? 'even' : 'odd'] })
  deposited(row: TotalRow | undefined, event: Deposited, _: EventMeta, key: string) {
    return { name: key, deposits: (row?.deposits ?? 0) + 1, cents: (row?.cents ?? 0n) + BigInt(event.cents) }
  }
}

/** The definition of a class whose rows are folded. */
export function rowsOf(type: Newable): RowProjectionDefinition {
  const definition = projectionInfo(type)
  if (definition.kind !== 'rows' || definition.problems.length > 0)
    throw new Error(`not a sound row projection: ${definition.problems.join('; ')}`)
  return definition
}

/** An event as it stands in partition 0 of log `bank`. */
export function happened(key: string, event: object, offset = 1n, category = 'account'): DecodedEvent {
  return {
    event,
    meta: {
      id: `e${offset}`,
      type: 'account.something',
      stream: `${category}-${key}`,
      category,
      key,
      version: 0,
      part: 0,
      time: new Date(0),
      position: makePosition('bank', 0, offset),
      commandId: `c${offset}`,
    },
  }
}
