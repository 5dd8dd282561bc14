import { deepStrictEqual, ok } from 'node:assert'
import { parsePosition, type MemoryTables, type Newable, type ProjectionRuntime } from '../../../src/index.js'
import { BankLog, caughtUp, startAlone } from '../log.js'
import { ByKeys, code, notes, type Fault, type NoteRow } from './noted.js'

interface Note {
  readonly number: number
  readonly stream: string
  readonly keys: readonly string[]
  readonly fault: Fault
}
/** A note in the log. */
interface Placed extends Note {
  readonly partition: number
  readonly offset: bigint
}
/** What is done in a trial. */
export type Act =
  | {
      readonly do: 'append'
      readonly stream: string
      readonly notes: readonly Omit<Note, 'number' | 'stream'>[]
    }
  | { readonly do: 'retry'; readonly keys: readonly string[] }
  | { readonly do: 'drop'; readonly keys: readonly string[] }
  | { readonly do: 'restart'; readonly batchEvents: number }
  | { readonly do: 'settle' }

/** The numbers of the events in each row. */
export type Rows = ReadonlyMap<string, readonly number[]>

/** A log, the projection that follows it, and what it must have made of it. */
export class Trial {
  readonly placed: Placed[] = []
  runtime!: ProjectionRuntime
  readonly #log: BankLog
  readonly #tables: MemoryTables = new Map()
  readonly #type: Newable
  #numbers = 0

  private constructor(log: BankLog, type: Newable) {
    this.#log = log
    this.#type = type
  }

  static async begin(type: Newable): Promise<Trial> {
    const trial = new Trial(await BankLog.open(2), type)
    await trial.restart(3)
    return trial
  }

  async restart(batchEvents: number): Promise<void> {
    await (this.runtime as AsyncDisposable | undefined)?.[Symbol.asyncDispose]()
    this.runtime = await startAlone(notes(this.#log, batchEvents), this.#tables, [this.#type])
  }

  async append(stream: string, wanted: readonly Omit<Note, 'number' | 'stream'>[]): Promise<void> {
    const made = wanted.map(each => ({ ...each, stream, number: this.#numbers++ }))
    const last = await this.#log.appendRecorded(
      stream,
      made.map(({ number, keys, fault }) => ({
        type: 'account.noted',
        schemaVersion: 1,
        data: JSON.stringify({ number, keys, fault }),
      })),
    )
    const { partition, offset } = parsePosition(last)
    const first = offset - BigInt(made.length - 1)
    made.forEach((each, index) => this.placed.push({ ...each, partition, offset: first + BigInt(index) }))
  }

  async act(act: Act): Promise<void> {
    if (act.do === 'append') return this.append(act.stream, act.notes)
    if (act.do === 'restart') return this.restart(act.batchEvents)
    if (act.do === 'settle') return caughtUp(this.runtime)
    if (act.do === 'retry') await this.runtime.parked(this.#type).retry(act.keys)
    else if (act.keys.length > 0) await this.runtime.parked(this.#type).drop(act.keys, 'a test')
  }

  /** The numbers in each row. */
  async rows(): Promise<Rows> {
    const rows = (await this.runtime.view(this.#type as never).all()) as readonly NoteRow[]
    return new Map(rows.map(({ id, numbers }) => [id, numbers]))
  }

  /** The keys of a note in this projection. */
  keysOf({ keys, stream }: Note): readonly string[] {
    return this.#type === ByKeys ? keys : [stream]
  }

  /** Per partition and key, in order of the log: what must be in the rows when these are not. */
  folded(left: (note: Placed) => boolean): Rows {
    const rows = new Map<string, number[]>()
    for (const each of this.placed)
      if (!left(each))
        for (const key of this.keysOf(each))
          rows.set(`${each.partition} ${key}`, [...(rows.get(`${each.partition} ${key}`) ?? []), each.number])
    return rows
  }

  /** The rows, taken apart by the partition that each number came from. */
  async byPartition(): Promise<Rows> {
    const apart = new Map<string, number[]>()
    for (const [key, numbers] of await this.rows())
      for (const number of numbers) {
        const place = `${this.placed.find(each => each.number === number)!.partition} ${key}`
        apart.set(place, [...(apart.get(place) ?? []), number])
      }
    return apart
  }

  /** The law: rows are the fold of the prefix without what is parked; and of a parked key, nothing behind its first. */
  async check(): Promise<void> {
    await caughtUp(this.runtime)
    const parked = await this.runtime.parked(this.#type).list()
    const passed = await this.runtime.parked(this.#type).passed()
    const at = (events: readonly { partition: number; offset: bigint }[]) =>
      new Set(events.map(({ partition, offset }) => `${partition}:${offset}`))
    const [isParked, isPassed] = [at(parked), at(passed)]
    const left = ({ partition, offset }: Placed) =>
      isParked.has(`${partition}:${offset}`) || isPassed.has(`${partition}:${offset}`)
    deepStrictEqual(await this.byPartition(), this.folded(left))
    this.#checkOrder(isParked, isPassed)
    if (!code.broken) return
    const failing = this.placed.filter(
      each => each.fault !== 'none' && (each.fault === 'decode' || this.keysOf(each).length > 0),
    )
    ok(failing.every(left), 'an event that must fail is in the rows')
  }

  /** Nothing is folded behind a parked event of one of its keys, or behind one of its stream that cannot be read. */
  #checkOrder(isParked: ReadonlySet<string>, isPassed: ReadonlySet<string>): void {
    const blocked = new Set<string>()
    for (const each of this.placed) {
      const place = `${each.partition}:${each.offset}`
      const keys = this.keysOf(each).map(key => `${each.partition} ${key}`)
      if (isPassed.has(place) || keys.length === 0) continue
      if (!isParked.has(place))
        for (const name of [...keys, `stream ${each.stream}`])
          ok(!blocked.has(name), `${each.number} is folded, behind a parked event of ${name}`)
      else if (each.fault === 'decode') blocked.add(`stream ${each.stream}`)
      else for (const name of keys) blocked.add(name)
    }
  }

  async end(): Promise<void> {
    await this.runtime[Symbol.asyncDispose]()
  }
}
