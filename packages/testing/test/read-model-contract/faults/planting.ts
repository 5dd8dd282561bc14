import {
  HindcastError,
  type CheckpointKey,
  type Fence,
  type ParkedEvent,
  type ProjectionDefinition,
  type ReadModelStore,
  type ReadModelTx,
  type ReadQuery,
  type ReadSnapshot,
  type Row,
  type RowChanges,
  type TransactResult,
} from '@hindcast/core'
import type { Plant } from './fault.js'

/** What a broken store throws. */
export class Broken extends HindcastError<'HC_BROKEN'> {
  override readonly name = 'Broken'
  constructor(what: string) {
    super('HC_BROKEN', what, { what })
  }
}

/** The store with some of its parts replaced. */
export function replaced(store: ReadModelStore, parts: Partial<ReadModelStore>): ReadModelStore {
  return {
    prepare: (projection, logs) => store.prepare(projection, logs),
    look: (projection, logs) => store.look(projection, logs),
    claim: at => store.claim(at),
    checkpoint: at => store.checkpoint(at),
    transact: (fence, work) => store.transact(fence, work),
    load: (projection, keys) => store.load(projection, keys),
    read: (projection, query, at) => store.read(projection, query, at),
    moved: (at, beyond, signal) => store.moved(at, beyond, signal),
    parked: at => store.parked(at),
    passed: at => store.passed(at),
    request: request => store.request(request),
    requests: projection => store.requests(projection),
    answerTo: (projection, id) => store.answerTo(projection, id),
    report: (at, epoch, report) => store.report(at, epoch, report),
    standing: projection => store.standing(projection),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    ...parts,
  }
}

/** What a transaction does. */
export type Work = (tx: ReadModelTx) => Promise<void>

/** Replaces transact. */
export function transacting(
  transact: (store: ReadModelStore, fence: Fence, work: Work) => Promise<TransactResult>,
): Plant {
  return store => replaced(store, { transact: (fence, work) => transact(store, fence, work) })
}

/** Replaces parts of what the work is given. */
export function givingWork(
  parts: (tx: ReadModelTx, fence: Fence, store: ReadModelStore) => Partial<ReadModelTx>,
): Plant {
  return transacting((store, fence, work) =>
    store.transact(fence, tx => work({ ...tx, ...parts(tx, fence, store) })),
  )
}

/** Changes what is saved. */
export function saving(change: (changes: RowChanges) => RowChanges): Plant {
  return givingWork(tx => ({ save: changes => tx.save(change(changes)) }))
}

/** Changes what is read. */
export function reading(
  change: (snapshot: ReadSnapshot, query: ReadQuery) => ReadSnapshot | Promise<ReadSnapshot>,
): Plant {
  return store =>
    replaced(store, {
      read: async (projection, query, at) => change(await store.read(projection, query, at), query),
    })
}

/** Changes a column wherever it is given back. */
export function givingBack(column: string, change: (value: unknown) => unknown): Plant {
  const changed = <R extends object>(row: R): R =>
    column in row
      ? (Object.assign(Object.create(Object.getPrototypeOf(row) as object) as object, row, {
          [column]: change((row as Record<string, unknown>)[column]),
        }) as R)
      : row
  return store =>
    replaced(store, {
      read: async (projection, query, at) => {
        const snapshot = await store.read(projection, query, at)
        return { ...snapshot, rows: snapshot.rows.map(changed) }
      },
      transact: (fence, work) =>
        store.transact(fence, tx =>
          work({
            ...tx,
            load: async (keys, options) =>
              new Map([...(await tx.load(keys, options))].map(([key, row]) => [key, changed(row)])),
          }),
        ),
    })
}

/** Changes the place that every call is about. */
export function mixingUp(
  change: (at: Partial<CheckpointKey>) => Partial<CheckpointKey>,
  prepared: (projection: ProjectionDefinition) => ProjectionDefinition = projection => projection,
  logs: (logs: readonly string[]) => readonly string[] = given => given,
): Plant {
  const to = <T extends Partial<CheckpointKey>>(at: T): T => ({ ...at, ...change(at) })
  return store =>
    replaced(store, {
      prepare: (projection, given) => store.prepare(prepared(projection), logs(given)),
      look: (projection, given) => store.look(prepared(projection), logs(given)),
      claim: at => store.claim(to(at)),
      checkpoint: at => store.checkpoint(to(at)),
      transact: (fence, work) => store.transact(to(fence), work),
      load: (projection, keys) => store.load(to(projection), keys),
      read: (projection, query, at) => store.read(to(projection), query, at && to(at)),
      moved: (at, beyond, signal) => store.moved(to(at), beyond, signal),
      parked: at => store.parked(to(at)),
      passed: at => store.passed(to(at)),
      request: request => store.request(to(request)),
      requests: projection => store.requests(to(projection)),
      answerTo: (projection, id) => store.answerTo(to(projection), id),
      report: (at, epoch, report) => store.report(to(at), epoch, report),
      standing: projection => store.standing(to(projection)),
    })
}

/** Changes that the work wants to make, collected to be made later. */
export interface Collected {
  readonly tx: ReadModelTx
  /** Makes them. */
  readonly replay: Work
}

/** Lets work run beside everything else, on rows as they were committed. */
export function collecting(store: ReadModelStore, fence: Fence, load?: ReadModelTx['load']): Collected {
  const changes: Work[] = []
  const later = async (change: Work): Promise<void> => void changes.push(change)
  return {
    tx: {
      load: load ?? (keys => committedRows(store, fence, keys)),
      save: given =>
        later(async tx => {
          await tx.load([...given.upserts.keys(), ...given.deletes], { shared: false })
          await tx.save(given)
        }),
      park: events => later(tx => tx.park(events)),
      unpark: offsets => later(tx => tx.unpark(offsets)),
      pass: events => later(tx => tx.pass(events)),
      answer: (id, outcome) => later(tx => tx.answer(id, outcome)),
    },
    replay: async tx => {
      for (const change of changes) await change(tx)
    },
  }
}

/** Rows as others see them. */
export async function committedRows(
  store: ReadModelStore,
  fence: Fence,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  const rows = new Map<string, Row>()
  for (const key of keys) {
    const [row] = (await store.read(fence, { kind: 'key', key })).rows
    if (row) rows.set(key, row as Row)
  }
  return rows
}

/** The present epoch of a partition; 0n when nobody has claimed it. */
export async function epochOf(store: ReadModelStore, at: CheckpointKey): Promise<bigint> {
  const all = await store.standing(at)
  return all.find(({ log, partition }) => log === at.log && partition === at.partition)?.epoch ?? 0n
}

/** Whether the fence would let it through now. */
export async function admits(store: ReadModelStore, fence: Fence): Promise<boolean> {
  return (await store.checkpoint(fence)) === fence.from && (await epochOf(store, fence)) === fence.epoch
}

/** Offsets of events. */
export function offsetsOf(events: readonly ParkedEvent[]): ReadonlySet<bigint> {
  return new Set(events.map(({ offset }) => offset))
}

/** A turn of the event loop: whatever runs at the same time gets in between. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** Resolves when the signal aborts. */
export function calledOff(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
