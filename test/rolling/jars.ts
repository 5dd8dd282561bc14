import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  Event,
  Handle,
  Projection,
  RowProjection,
  Upsert,
  type EventMeta,
} from '@hindcast/core'
import { EntriesRow, withEntries } from './build.js'

/** What both builds have alike. */
class Filled extends Event('jar.filled') {
  id!: string
}
export class Fill extends Command('jar.fill') {
  id!: string
}
export class ShowJar extends Command('jar.show')<readonly string[]> {}

@Aggregate('jar', { snapshotEvery: 2 })
export class Jar extends AggregateRoot<Filled> {
  entries: string[] = []
  @Handle(Fill) fill({ id }: Fill): void {
    this.emit(Filled, { id })
  }
  @Handle(ShowJar) show(): readonly string[] {
    return this.entries
  }
  @Apply(Filled) filled({ id }: Filled): void {
    this.entries.push(id)
  }
}

@Projection('jars', { version: 1, row: EntriesRow })
export class Jars extends RowProjection<EntriesRow> {
  @Upsert(Filled) filled(row: EntriesRow | undefined, { id }: Filled, { key }: EventMeta): EntriesRow {
    return withEntries(row, key, id)
  }
}
