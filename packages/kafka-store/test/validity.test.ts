import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordBatch } from '../src/record/record-batch.js'
import { judgeBatch, stateBehind, type Verdict } from '../src/validity/judge-batch.js'
import { decodeState, encodeState, UNREAD, type LogState } from '../src/validity/log-state.js'
import { LAST_SEQUENCE, RESERVED_PRODUCER } from '../src/validity/reserved-producer.js'
import { reactionTo } from '../src/writer/answer-table.js'
import { byProducer, controlBatch, eventBatch, genesisBatch, LOG_ID, placed } from './validity/batches.js'
import { SimulatedPartition } from './validity/simulated-partition.js'

/** What each batch is, to a reader that reads them in order. */
function verdictsOf(
  batches: readonly RecordBatch[],
  from: LogState = UNREAD,
): { verdicts: Verdict[]; state: LogState } {
  let state = from
  const verdicts = batches.map(batch => {
    const verdict = judgeBatch(state, batch)
    state = stateBehind(state, batch, verdict)
    return verdict
  })
  return { verdicts, state }
}

function kindsOf(...bytes: readonly Buffer[]): string[] {
  let offset = 0
  const batches = bytes.map(one => {
    const batch = placed(one, offset)
    offset = batch.lastOffset + 1
    return batch
  })
  return verdictsOf(batches).verdicts.map(({ kind }) => kind)
}

describe('a batch of the reserved producer', () => {
  it('is valid when it was decided after the last one in front of it', () => {
    expect(kindsOf(genesisBatch(), eventBatch(['a', 'b'], 0), eventBatch(['c'], 2))).toEqual([
      'genesis',
      'valid',
      'valid',
    ])
  })

  it('is void when it was decided after another one', () => {
    for (const after of [-1, 0, 1, 3, 99])
      expect(kindsOf(genesisBatch(), eventBatch(['a', 'b'], 0), eventBatch(['c'], after))).toEqual([
        'genesis',
        'valid',
        'void',
      ])
  })

  it('is void behind one that it did not know, although that one is void itself', () => {
    expect(
      kindsOf(genesisBatch(), eventBatch(['a'], 77), eventBatch(['b'], 0), eventBatch(['c'], 2)),
    ).toEqual(['genesis', 'void', 'void', 'valid'])
  })

  it('does not mind what others wrote in between', () => {
    const stranger = byProducer(eventBatch(['x'], 0), 12n)
    expect(
      kindsOf(
        genesisBatch(),
        stranger,
        stranger,
        eventBatch(['a'], 0),
        controlBatch(12n),
        eventBatch(['b'], 3),
      ),
    ).toEqual(['genesis', 'foreign', 'foreign', 'valid', 'foreign', 'valid'])
  })

  it('is void in front of the genesis, and when it belongs to another log', () => {
    expect(kindsOf(eventBatch(['a'], -1), genesisBatch({}, 0), eventBatch(['b'], 1, {}, 'log-2'))).toEqual([
      'void',
      'genesis',
      'void',
    ])
  })

  it('does not make a second log', () => {
    expect(kindsOf(genesisBatch(), genesisBatch({}, 0))).toEqual(['genesis', 'void'])
  })

  it('is foreign when it is a marker of a transaction, and moves nothing', () => {
    expect(kindsOf(genesisBatch(), controlBatch(RESERVED_PRODUCER), eventBatch(['a'], 0))).toEqual([
      'genesis',
      'foreign',
      'valid',
    ])
  })
})

describe('the genesis record of another producer', () => {
  it('tells a copy, at the beginning only', () => {
    expect(kindsOf(byProducer(genesisBatch(), 12n))).toEqual(['copy'])
    expect(kindsOf(genesisBatch(), byProducer(genesisBatch(), 12n))).toEqual(['genesis', 'foreign'])
  })
})

type Step =
  | { readonly kind: 'read'; readonly writer: number; readonly batches: number }
  | {
      readonly kind: 'append'
      readonly writer: number
      readonly events: number
      readonly fate: 'sent' | 'answer lost' | 'late'
    }
  | { readonly kind: 'replay'; readonly which: number }
  | { readonly kind: 'forget' | 'foreign' | 'intruder' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      writer: fc.nat(2),
      batches: fc.constantFrom(1, 99),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      writer: fc.nat(2),
      events: fc.integer({ min: 1, max: 2 }),
      fate: fc.constantFrom('sent' as const, 'sent' as const, 'answer lost' as const, 'late' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('replay' as const), which: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('forget' as const, 'foreign' as const, 'intruder' as const),
    }),
  },
)

interface Sent {
  readonly bytes: Buffer
  readonly ids: readonly string[]
  /** How many batches of the reserved producer its writer knew. */
  readonly known: number
}

/** Writers, a broker that forgets, strangers; beside them the register that a compare-and-swap would have. */
class History {
  readonly partition = new SimulatedPartition()
  /** Of the model: the ids that a compare-and-swap would have let in. */
  readonly swapped: string[] = []
  readonly acknowledged: string[] = []
  private readonly writers: { state: LogState; read: number; known: number }[]
  private readonly sent: Sent[] = []
  private appends = 0

  constructor(sequence: number) {
    this.partition.produce(genesisBatch({ sequence }))
    this.writers = Array.from({ length: 3 }, () => ({ state: UNREAD, read: 0, known: 0 }))
    for (let writer = 0; writer < 3; writer++) this.read(writer, 1)
  }

  take(next: Step): void {
    switch (next.kind) {
      case 'read':
        return this.read(next.writer, next.batches)
      case 'append':
        return this.append(next.writer, next.events, next.fate)
      case 'replay': {
        const sent = this.sent[next.which % Math.max(this.sent.length, 1)]
        if (sent) this.deliver(sent)
        return
      }
      case 'forget':
        return this.partition.forget()
      case 'foreign':
        return void this.partition.store(byProducer(eventBatch(['foreign'], 0), 12n))
      case 'intruder': {
        const { epoch } = this.partition.batches.findLast(batch => batch.producerId === RESERVED_PRODUCER)!
        return void this.deliver({
          bytes: eventBatch(['intruder'], -5, { epoch: epoch + 1 }),
          ids: [],
          known: -1,
        })
      }
    }
  }

  private read(index: number, batches: number): void {
    const writer = this.writers[index]!
    const news = this.partition.batches.slice(writer.read, writer.read + batches)
    writer.state = verdictsOf(news, writer.state).state
    writer.read += news.length
    writer.known += news.filter(({ producerId }) => producerId === RESERVED_PRODUCER).length
  }

  private append(index: number, events: number, fate: 'sent' | 'answer lost' | 'late'): void {
    const { state, known } = this.writers[index]!
    const ids = Array.from({ length: events }, (_, i) => `${this.appends}-${i}`)
    this.appends++
    const { epoch, sequence, lastReserved } = state
    const sent = { bytes: eventBatch(ids, lastReserved, { epoch, sequence }), ids, known }
    this.sent.push(sent)
    if (fate === 'late') return
    const answer = this.deliver(sent)
    if (fate === 'answer lost') return
    const reaction = reactionTo(answer, {
      trusted: true,
      unmoved: true,
      decidedOn: state.next,
      expectedOffset: state.next,
      maybeWritten: false,
    })
    if (reaction === 'committed' || this.findsIts(index, ids)) this.acknowledged.push(...ids)
  }

  /** The broker gets a batch; the model swaps when its writer knew the last one. */
  private deliver({ bytes, ids, known }: Sent): ReturnType<SimulatedPartition['produce']> {
    const before = this.partition.reserved
    const answer = this.partition.produce(bytes)
    if (this.partition.reserved > before && known === before) this.swapped.push(...ids)
    return answer
  }

  /** What a writer does with any other answer: reads to the end, and looks whether the first batch in its place is its own. */
  private findsIts(index: number, ids: readonly string[]): boolean {
    const writer = this.writers[index]!
    const news = this.partition.batches.slice(writer.read)
    const { verdicts } = verdictsOf(news, writer.state)
    this.read(index, news.length)
    const first = verdicts[news.findIndex(({ producerId }) => producerId === RESERVED_PRODUCER)]
    return first?.kind === 'valid' && first.records.map(({ id }) => id).join() === ids.join()
  }
}

/** The ids of valid batches, read in two parts with the state in between stored as the index stores it. */
function validIds(batches: readonly RecordBatch[], pause: number): string[] {
  const first = verdictsOf(batches.slice(0, pause))
  const { state } = first
  const stored = state.next === 0 ? UNREAD : decodeState(encodeState(state), state.next, LOG_ID)!
  const second = verdictsOf(batches.slice(pause), stored)
  return [...first.verdicts, ...second.verdicts].flatMap(verdict =>
    verdict.kind === 'valid' ? verdict.records.map(({ id }) => id) : [],
  )
}

describe('whatever writers, brokers and strangers do', () => {
  it('every reader finds exactly what a compare-and-swap would have let in, and all that was acknowledged, once', () => {
    let voids = 0
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.constantFrom(0, LAST_SEQUENCE - 3),
        fc.nat(70),
        (steps, sequence, pause) => {
          const history = new History(sequence)
          for (const next of steps) history.take(next)
          const { batches } = history.partition
          const valid = validIds(batches, pause)
          expect(valid).toEqual(history.swapped)
          expect(new Set(valid).size).toBe(valid.length)
          expect(history.acknowledged.filter(id => !valid.includes(id))).toEqual([])
          expect(new Set(history.acknowledged).size).toBe(history.acknowledged.length)
          voids += verdictsOf(batches).verdicts.filter(({ kind }) => kind === 'void').length
        },
      ),
      { numRuns: 500 },
    )
    // The histories were not all harmless.
    expect(voids).toBeGreaterThan(500)
  })
})
