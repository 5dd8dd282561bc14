import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event } from '@hindcast/core'
import { on } from '@hindcast/testing'
import { placeEvents } from '../../src/projection/given-event.js'
import { schedule, type Cut } from '../../src/projection/schedule.js'

class Happened extends Event('thing.happened') {}

const cuts: fc.Arbitrary<Cut> = fc.oneof(
  fc.constant<Cut>({ kind: 'whole' }),
  fc.constant<Cut>({ kind: 'single' }),
  fc.nat(40).map((at): Cut => ({ kind: 'split', at })),
  fc.nat().map((seed): Cut => ({ kind: 'random', seed })),
)

describe('a schedule', () => {
  it('gives every event once, each partition in its order, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 40 }), cuts, (keys, cut) => {
        const events = placeEvents(keys.map(key => on(`k${key}`, Happened.of())))
        const batches = schedule(events, cut)
        expect(batches.flatMap(batch => batch.events)).toHaveLength(events.length)
        for (let partition = 0; partition < 8; partition++) {
          const own = batches.filter(batch => batch.partition === partition)
          expect(own.flatMap(batch => batch.events)).toEqual(events.filter(e => e.partition === partition))
          for (const { events: batch, next } of own) expect(next).toBe(batch.at(-1)!.offset + 1n)
        }
      }),
    )
  })

  it('is the same for the same seed, and takes turns among the partitions', () => {
    const events = placeEvents(Array.from({ length: 40 }, (_, i) => on(`k${i}`, Happened.of())))
    const random = (seed: number) => schedule(events, { kind: 'random', seed })
    expect(random(5)).toEqual(random(5))
    expect(random(5)).not.toEqual(random(6))
    const turns = random(5).map(batch => batch.partition)
    expect(new Set(turns).size).toBe(8)
    expect(turns.length).toBeGreaterThan(8)
  })

  it('folds everything before a split before anything after it', () => {
    const events = placeEvents(Array.from({ length: 10 }, (_, i) => on(`k${i}`, Happened.of())))
    const folded = schedule(events, { kind: 'split', at: 4 }).flatMap(batch => batch.events)
    expect(new Set(folded.slice(0, 4))).toEqual(new Set(events.slice(0, 4)))
  })
})
