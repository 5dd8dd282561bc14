import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aggregate, AggregateRoot, Apply, readersOf, type ApplyMeta } from '@hindcast/core'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StateFile } from '../../src/verify/state-file.js'
import { StreamFolds } from '../../src/verify/stream-folds.js'
import { StreamTable } from '../../src/verify/stream-table.js'
import { Opened, Paid } from './purse.js'

/** Its state grows, and has what JSON alone does not: a bigint, a date and a map. */
@Aggregate('purse')
class Ledger extends AggregateRoot<Opened | Paid> {
  sum = 0n
  last?: Date
  times = new Map<number, number>()
  list: string[] = []
  @Apply(Opened) opened() {}
  @Apply(Paid) paid({ cents }: Paid, { version }: ApplyMeta) {
    this.sum += BigInt(cents)
    this.last = new Date(version)
    this.times.set(cents, (this.times.get(cents) ?? 0) + 1)
    this.list.push('x'.repeat(cents))
  }
}
/** Its state cannot be written as JSON. */
@Aggregate('purse')
class Handle extends AggregateRoot<Paid> {
  readonly grow = (cents: number): number => (this.sum += cents)
  sum = 0
  @Apply(Paid) paid({ cents }: Paid) {
    this.grow(cents)
  }
}

function laboratory(type: typeof Ledger | typeof Handle, aggregates: number, bytes = Infinity) {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-test-'))
  const {
    catalog,
    aggregates: [definition],
  } = readersOf({ aggregates: [type] })
  const table = new StreamTable()
  const file = new StateFile(folder)
  const folds = new StreamFolds(table, catalog, file, { aggregates, bytes })
  onTestFinished(() => {
    file[Symbol.dispose]()
    rmSync(folder, { recursive: true, force: true })
  })
  const live = (stream: string) =>
    folds.inMemory(stream) ?? folds.load(stream, table.rowOf(stream), definition!)
  let version = 0
  const pay = (stream: string, cents: number): void => {
    const aggregate = live(stream)
    aggregate.replay.apply(Paid.of({ cents }), { version: version++ } as ApplyMeta)
    folds.folded(aggregate)
  }
  return { folder, file, folds, table, live, pay, definition: definition! }
}

describe('folding more streams than there is memory for', () => {
  it('gives the states that folding each by itself gives, whatever the order and however few are in memory', () => {
    const payment = fc.record({
      stream: fc.integer({ min: 0, max: 40 }),
      cents: fc.integer({ min: 1, max: 300 }),
    })
    fc.assert(
      fc.property(
        fc.array(payment, { maxLength: 400 }),
        fc.integer({ min: 1, max: 24 }),
        (payments, most) => {
          const few = laboratory(Ledger, most)
          const all = laboratory(Ledger, Infinity)
          for (const { stream, cents } of payments)
            for (const { pay } of [few, all]) pay(`purse-${stream}`, cents)
          for (const { stream } of payments)
            expect(few.live(`purse-${stream}`).replay.state).toBe(all.live(`purse-${stream}`).replay.state)
          expect(few.table.size).toBe(new Set(payments.map(({ stream }) => stream)).size)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('keeps fewer of them in memory when their states are large', () => {
    const { pay, file } = laboratory(Ledger, 10_000, 1 << 20)
    for (let i = 0; i < 2_000; i++) pay(`purse-${i % 100}`, 1)
    expect(file.sizeBytes).toBe(0)
    for (let i = 0; i < 2_000; i++) pay(`purse-${i % 100}`, 2_000)
    expect(file.sizeBytes).toBeGreaterThan(3 << 20)
  })

  it('keeps those in memory whose state cannot be written, and folds them as the others', () => {
    const { pay, live } = laboratory(Handle, 20)
    for (let round = 1; round <= 3; round++) for (let i = 0; i < 100; i++) pay(`purse-${i}`, round)
    for (let i = 0; i < 100; i++) expect(live(`purse-${i}`).replay).toBeDefined()
    expect(() => live('purse-1').replay.state).toThrow(/grow/)
  })

  it('uses the room in its file again, so that the file does not grow with the number of events', () => {
    const { pay, file } = laboratory(Ledger, 16)
    const round = (): void => {
      for (let i = 0; i < 200; i++) pay(`purse-${i}`, 1)
    }
    for (let i = 0; i < 5; i++) round()
    const before = file.sizeBytes
    for (let i = 0; i < 20; i++) round()
    // The states have grown from 5 payments to 25, and were written twenty times.
    expect(file.sizeBytes).toBeLessThan(before * 5)
  })

  it('leaves no file that others see, and says what to do where it cannot be made', () => {
    const { pay, folder } = laboratory(Ledger, 16)
    for (let i = 0; i < 200; i++) pay(`purse-${i}`, 1)
    expect(readdirSync(folder)).toEqual([])
    const nowhere = new StateFile(join(folder, 'missing'))
    expect(existsSync(join(folder, 'missing'))).toBe(false)
    expect(() => nowhere.write(Buffer.from('{}'))).toThrow(
      /HC_VERIFY_SCRATCH|cannot be kept in a file.*TMPDIR/,
    )
  })
})

describe('the table of streams', () => {
  it('finds each of many streams again, in at most 50 bytes each', () => {
    const table = new StreamTable()
    const streams = 300_000
    for (let i = 0; i < streams; i++) table.version.set(table.rowOf(`purse-${i}`), i)
    expect(table.size).toBe(streams)
    expect(table.bytes / streams).toBeLessThan(50)
    for (let i = 0; i < streams; i += 97) expect(table.version.get(table.rowOf(`purse-${i}`))).toBe(i)
    expect(table.size).toBe(streams)
  })
})
