import { Column, Key, park, Projection, RowProjection, Upsert, type EventMeta } from '@hindcast/core'
import { Added } from './counter.js'

/** What the projection cannot fold; tests change it, as a new release would. */
export const trouble = { count: 13 }

export class TotalRow {
  @Key() @Column('text') id!: string
  @Column('integer') total!: number
}

@Projection('totals', { version: 1, row: TotalRow, onFailure: park() })
export class Totals extends RowProjection<TotalRow> {
  @Upsert(Added) added(row: TotalRow | undefined, { count }: Added, { key }: EventMeta): TotalRow {
    if (count === trouble.count) throw new RangeError(`${count} brings bad luck`)
    return { id: key, total: (row?.total ?? 0) + count }
  }
}
