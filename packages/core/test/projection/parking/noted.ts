import {
  Column,
  Event,
  EventCatalog,
  Key,
  park,
  Projection,
  RowProjection,
  upcast,
  Upsert,
  type EventMeta,
  type LogBatch,
  type LogSource,
} from '../../../src/index.js'
import type { BankLog } from '../log.js'

/** Where an event fails as long as the code is broken. */
export type Fault = 'none' | 'fold' | 'decode'

/** An event that says by which keys it is folded, and whether broken code fails at it. */
export class Noted extends Event('account.noted', { version: 2 }) {
  number!: number
  keys!: string[]
  fault!: Fault
}

export class NoteRow {
  @Key() @Column('text') id!: string
  /** The numbers of the events that were folded into the row, in the order of folding. */
  @Column('jsonb') numbers!: number[]
}

/** The code that a test runs, until it is mended. */
export const code: { broken: boolean } = { broken: true }

function note(row: NoteRow | undefined, { number, fault }: Noted, key: string): NoteRow {
  if (code.broken && fault === 'fold') throw new Error(`the fold of ${number} is broken`)
  return { id: key, numbers: [...(row?.numbers ?? []), number] }
}

/** Rows by the keys that the events name. */
@Projection('by_keys', { version: 1, row: NoteRow, onFailure: park() })
export class ByKeys extends RowProjection<NoteRow> {
  @Upsert(Noted, { key: event => event.keys })
  noted(row: NoteRow | undefined, event: Noted, _: EventMeta, key: string): NoteRow {
    return note(row, event, key)
  }
}

/** Rows by stream. */
@Projection('by_stream', { version: 1, row: NoteRow, onFailure: park() })
export class ByStream extends RowProjection<NoteRow> {
  @Upsert(Noted) noted(row: NoteRow | undefined, event: Noted, meta: EventMeta): NoteRow {
    return note(row, event, meta.key)
  }
}

const history = upcast(Noted)
  .from<{ number: number; keys: string[]; fault: Fault }>(1)
  .up(old => {
    if (code.broken && old.fault === 'decode') throw new Error(`the upcaster of ${old.number} is broken`)
    return old
  })
  .done()

/**
 * The log as a projection reads it, in batches of so many events. Where that is an odd number, each looks like the end of the
 * log; the others are merged by workers, which know that there is more.
 */
export function notes(log: BankLog, batchEvents: number): LogSource {
  const store = new Proxy(log.store, {
    get(target, name) {
      if (name === 'readLog')
        return async function* (partition: number, options: object): AsyncIterable<LogBatch> {
          for await (const batch of target.readLog(partition, { ...options, batchEvents }))
            yield batchEvents % 2 === 1 ? { ...batch, end: batch.next } : batch
        }
      const member = target[name as keyof typeof target] as unknown
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
  return { store, catalog: new EventCatalog([Noted], [history]) }
}
