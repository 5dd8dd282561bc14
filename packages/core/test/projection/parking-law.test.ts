import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  makePosition,
  parsePosition,
  type MemoryTables,
  type Newable,
  type ProjectionRuntime,
} from '../../src/index.js'
import { BankLog, caughtUp, parkedOf, startAlone } from './log.js'
import { ByKeys, ByStream, code, notes, type Fault, type NoteRow } from './noted.js'

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
type Act =
  | {
      readonly do: 'append'
      readonly stream: string
      readonly notes: readonly Omit<Note, 'number' | 'stream'>[]
    }
  | { readonly do: 'retry'; readonly keys: readonly string[] }
  | { readonly do: 'drop'; readonly keys: readonly string[] }
  | { readonly do: 'restart'; readonly batchEvents: number }
  | { readonly do: 'settle' }

type Rows = ReadonlyMap<string, readonly number[]>

/** Rows whatever the order in which events were folded into them. */
function inAnyOrder(rows: Rows): Rows {
  return new Map([...rows].map(([key, numbers]) => [key, numbers.toSorted((a, b) => a - b)]))
}

const KEYS = ['k', 'l', 'm', 'n', 'o']
const STREAMS = ['r', 's', 't']

const someKeys = (from: readonly string[]) => fc.uniqueArray(fc.constantFrom(...from), { maxLength: 3 })
const note = (faults: readonly Fault[]) =>
  fc.record({
    keys: someKeys(KEYS),
    fault: fc.constantFrom<Fault>('none', 'none', 'none', 'none', ...faults),
  })
const acts = (faults: readonly Fault[], keys: readonly string[]) =>
  fc.array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          do: fc.constant('append' as const),
          stream: fc.constantFrom(...STREAMS),
          notes: fc.array(note(faults), { minLength: 1, maxLength: 4 }),
        }),
      },
      fc.record({ do: fc.constant('retry' as const), keys: someKeys(keys) }),
      fc.record({ do: fc.constant('restart' as const), batchEvents: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ do: fc.constant('settle' as const) }),
    ),
    { maxLength: 25, size: '+1' },
  )

/** A log, the projection that follows it, and what it must have made of it. */
class Trial {
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
    for (const note of this.placed)
      if (!left(note))
        for (const key of this.keysOf(note))
          rows.set(`${note.partition} ${key}`, [...(rows.get(`${note.partition} ${key}`) ?? []), note.number])
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
    expect(await this.byPartition()).toEqual(this.folded(left))
    this.#checkOrder(isParked, isPassed)
    if (!code.broken) return
    const failing = this.placed.filter(
      each => each.fault !== 'none' && (each.fault === 'decode' || this.keysOf(each).length > 0),
    )
    expect(failing.every(left)).toBe(true)
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
          expect(blocked.has(name), `${each.number} of ${name} is folded`).toBe(false)
      else if (each.fault === 'decode') blocked.add(`stream ${each.stream}`)
      else for (const name of keys) blocked.add(name)
    }
  }

  async end(): Promise<void> {
    await this.runtime[Symbol.asyncDispose]()
  }
}

/** Runs the acts with broken code, mends it, retries everything, and compares with the fold of the whole log. */
async function run(
  type: Newable,
  acts: readonly Act[],
  inOrder: (rows: Rows) => Rows = rows => rows,
): Promise<void> {
  code.broken = true
  const trial = await Trial.begin(type)
  try {
    for (const act of acts) {
      await trial.act(act)
      if (act.do !== 'append') await trial.check()
    }
    await trial.check()
    code.broken = false
    await trial.append('r', [{ keys: ['k', 'l'], fault: 'none' }])
    await trial.restart(2)
    await trial.check()
    const passed = await trial.runtime.parked(type).passed()
    await trial.runtime.parked(type).retry()
    expect(await parkedOf(trial.runtime, type)).toEqual([])
    const dropped = new Set(passed.map(({ partition, offset }) => `${partition}:${offset}`))
    const whole = trial.folded(({ partition, offset }) => dropped.has(`${partition}:${offset}`))
    expect(inOrder(await trial.byPartition())).toEqual(inOrder(whole))
  } finally {
    await trial.end()
  }
}

beforeEach(() => {
  code.broken = true
})

describe('a read model equals the fold of its prefix minus the parked keys', () => {
  it('when folds of several keys fail, whatever is retried and dropped, and is whole after the retry with mended code', async () => {
    const drops = fc.record({ do: fc.constant('drop' as const), keys: someKeys(KEYS) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(acts(['fold'], KEYS), fc.array(drops, { maxLength: 1 })), { maxLength: 3 }),
        parts => run(ByKeys, parts.flat()),
      ),
      { numRuns: 100 },
    )
  })

  it('when events cannot be decoded or folded, and the upcaster is mended', async () => {
    await fc.assert(
      fc.asyncProperty(acts(['fold', 'decode'], STREAMS), parts => run(ByStream, parts)),
      { numRuns: 100 },
    )
  })

  it('when events cannot be decoded whose rows only decoding tells: these see them late, and once', async () => {
    await fc.assert(
      fc.asyncProperty(acts(['fold', 'decode'], [...KEYS, 'account-r']), parts =>
        run(ByKeys, parts, inAnyOrder),
      ),
      { numRuns: 100 },
    )
  })
})

describe('an event that cannot be decoded', () => {
  it('is parked by its stream and the row of its stream, with what comes after it there', async () => {
    const trial = await Trial.begin(ByStream)
    await trial.append('r', [{ keys: [], fault: 'none' }])
    await trial.append('r', [{ keys: [], fault: 'decode' }])
    await trial.append('r', [{ keys: [], fault: 'none' }])
    await trial.append('s', [{ keys: [], fault: 'none' }])
    await trial.check()
    expect(await parkedOf(trial.runtime, ByStream)).toEqual(['2: account-r r', '3: r account-r'])
    const { partition, offset } = trial.placed[2]!
    await expect(
      trial.runtime.view(ByStream).get('r', { atLeast: makePosition('bank', partition, offset) }),
    ).rejects.toMatchObject({ code: 'HC_READ_MODEL_PARKED', context: { parkedCode: 'HC_UPCAST_FAILED' } })
    await trial.end()
  })
})
