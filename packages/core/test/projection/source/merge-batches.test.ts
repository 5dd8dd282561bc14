import { describe, expect, it } from 'vitest'
import type { LogBatch, RecordedEvent } from '../../../src/index.js'
import { mergeBatches } from '../../../src/projection/source/merge-batches.js'

/** A batch of whole numbers, which stand for events. */
function batch(from: number, to: number, end: number): LogBatch {
  const events = Array.from({ length: to - from }, (_, i) => ({ offset: BigInt(from + i) }) as RecordedEvent)
  return { partition: 0, events, next: BigInt(to), end: BigInt(end) }
}

/** Gives batches, and says how many were asked for. */
class Reading implements AsyncIterable<LogBatch> {
  asked = 0
  ended = false
  constructor(private readonly given: readonly (LogBatch | Error)[]) {}
  async *[Symbol.asyncIterator](): AsyncGenerator<LogBatch, void, void> {
    try {
      for (const each of this.given) {
        this.asked++
        if (each instanceof Error) throw each
        yield each
      }
    } finally {
      this.ended = true
    }
  }
}

const spans = ({ events, next }: LogBatch): string =>
  events.length === 0 ? `- ${next}` : `${events[0]!.offset}-${events.at(-1)!.offset} ${next}`

async function merged(reading: AsyncIterable<LogBatch>, mostEvents: number): Promise<string[]> {
  const found: string[] = []
  for await (const each of mergeBatches(reading, mostEvents)) found.push(spans(each))
  return found
}

describe('merging batches', () => {
  it('adds batches together as long as the end of the log is far and no more than so many events come together', async () => {
    const given = [batch(1, 5, 20), batch(5, 9, 20), batch(9, 13, 20), batch(13, 20, 20)]
    expect(await merged(new Reading(given), 8)).toEqual(['1-8 9', '9-12 13', '13-19 20'])
    expect(await merged(new Reading(given), 100)).toEqual(['1-19 20'])
  })

  it('never splits a batch, however large it is', async () => {
    expect(await merged(new Reading([batch(1, 9, 12), batch(9, 12, 12)]), 2)).toEqual(['1-8 9', '9-11 12'])
  })

  it('hands each batch on by itself at the end of the log, an empty one too', async () => {
    const given = [batch(1, 1, 1), batch(1, 2, 2), batch(2, 3, 3)]
    expect(await merged(new Reading(given), 100)).toEqual(['- 1', '1-1 2', '2-2 3'])
  })

  it('carries the end that was seen last, and moves over records that are no events', async () => {
    const found: LogBatch[] = []
    for await (const each of mergeBatches(
      new Reading([batch(1, 3, 9), batch(3, 3, 9), batch(3, 9, 11)]),
      100,
    ))
      found.push(each)
    expect(found.map(({ next, end }) => [next, end])).toEqual([[9n, 11n]])
  })

  it('holds no more than sixteen batches, which may be a megabyte each', async () => {
    const given = Array.from({ length: 20 }, (_, i) => batch(i + 1, i + 2, 100))
    expect(await merged(new Reading(given), 1000)).toEqual(['1-16 17', '17-20 21'])
  })

  it('holds less the more readers of the process are far behind, until those have come to the end', async () => {
    const thousands = (): LogBatch[] =>
      Array.from({ length: 40 }, (_, i) => batch(i * 1000, (i + 1) * 1000, 40_000))
    const readers = Array.from({ length: 20 }, () => mergeBatches(new Reading(thousands()), 10_000))
    const sizes = async (): Promise<number[]> => {
      const found: number[] = []
      for (const reader of readers) {
        const { value } = await reader.next()
        found.push(value!.events.length)
      }
      return found
    }
    await sizes()
    expect(await sizes()).toEqual(readers.map(() => 2_000))
    for (const reader of readers.splice(1)) await reader.return()
    expect(await sizes()).toEqual([10_000])
    await readers[0]!.return()
  })

  it('reads the next batch while one is in hand, but not at the end of the log: what comes meanwhile comes together', async () => {
    const reading = new Reading([batch(1, 5, 9), batch(5, 7, 9), batch(7, 9, 9), batch(9, 10, 10)])
    const batches = mergeBatches(reading, 2)
    await batches.next()
    expect(reading.asked).toBe(2)
    await batches.next()
    expect(reading.asked).toBe(3)
    await batches.next()
    expect(reading.asked).toBe(3)
    expect(spans((await batches.next()).value as LogBatch)).toBe('9-9 10')
  })

  it('hands on what was read before it fails, then fails', async () => {
    const batches = mergeBatches(new Reading([batch(1, 5, 9), new Error('the disk is gone')]), 100)
    expect(spans((await batches.next()).value as LogBatch)).toBe('1-4 5')
    await expect(batches.next()).rejects.toThrow('the disk is gone')
  })

  it('ends the reading when nobody wants more', async () => {
    const reading = new Reading([batch(1, 5, 9), batch(5, 9, 9)])
    for await (const _ of mergeBatches(reading, 1)) break
    expect(reading.ended).toBe(true)
  })
})
