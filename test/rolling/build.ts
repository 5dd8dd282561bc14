import { Column, Key, type AggregateClass, type AnyEvent, type Newable, type Upcaster } from '@hindcast/core'

/** What a command does: which ones a build knows, and what it writes for them, is the build's own. */
export type Kind = 'deposit' | 'tip' | 'move' | 'greet' | 'note' | 'fill'

/** A version of the service's source, as the process is started with it. */
export interface Build {
  readonly aggregates: readonly AggregateClass[]
  readonly projections: readonly Newable[]
  readonly upcasters: readonly Upcaster<AnyEvent>[]
  /** The command of a kind. @throws Error when this build has none. */
  readonly command: (kind: Kind, id: string) => object
  /** The command that tells the entries of a stream. */
  readonly show: (aggregate: 'account' | 'jar') => object
}

/** The entries of one account or jar, in order. */
export class EntriesRow {
  @Key() @Column('text') id!: string
  @Column('bigint') count!: bigint
  @Column('jsonb') entries!: string[]
}

/** The row with some entries more. */
export function withEntries(row: EntriesRow | undefined, id: string, ...more: string[]): EntriesRow {
  const entries = [...(row?.entries ?? []), ...more]
  return { id, count: BigInt(entries.length), entries }
}
