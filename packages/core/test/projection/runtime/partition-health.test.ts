import { describe, expect, it } from 'vitest'
import { workerHealth } from '../../../src/projection/runtime/partition-health.js'
import { MovingRate } from '../../../src/projection/worker/moving-rate.js'
import type { Standing } from '../../../src/index.js'

const standing = (reportAgeMs?: number): Standing => ({
  log: 'bank',
  partition: 0,
  next: 7n,
  epoch: 2n,
  parked: 1,
  ...(reportAgeMs !== undefined && {
    report: { owner: 'host:1', state: 'stopped', error: { code: 'X', message: 'x' }, eventsPerSecond: 4 },
    reportAgeMs,
  }),
})
const known = { status: undefined, failure: undefined, owner: 'me:2' }

describe('a partition that another process owns', () => {
  it('stands as its owner says, as long as that says something', () => {
    expect(workerHealth({ ...known, standing: standing(14_000) })).toEqual({
      state: 'stopped',
      error: { code: 'X', message: 'x' },
      owner: 'host:1',
      here: false,
      settled: true,
      eventsPerSecond: 4,
      parked: 1,
      checkpoint: 7n,
    })
  })

  it('is silent when its owner has reported nothing for long, and unknown when the read models cannot be asked', () => {
    expect(workerHealth({ ...known, standing: standing(16_000) })).toMatchObject({
      state: 'silent',
      owner: 'host:1',
      eventsPerSecond: 0,
    })
    const failure = { error: new Error('away') }
    expect(workerHealth({ ...known, failure, standing: undefined })).toMatchObject({
      state: 'unknown',
      error: failure.error,
    })
  })

  it('is unowned when nobody has claimed it or said anything', () => {
    expect(workerHealth({ ...known, standing: undefined })).toMatchObject({
      state: 'unowned',
      checkpoint: 0n,
    })
    expect(workerHealth({ ...known, standing: standing() })).toMatchObject({
      state: 'unowned',
      checkpoint: 7n,
    })
  })
})

describe('a moving rate', () => {
  it('is that of the last ten seconds, or of the time since it began', () => {
    let now = 0
    const rate = new MovingRate(() => now)
    rate.add(50)
    expect(rate.perSecond).toBe(50)
    now = 5_000
    rate.add(50)
    expect(rate.perSecond).toBe(20)
    now = 12_000
    expect(rate.perSecond).toBe(5)
    now = 30_000
    expect(rate.perSecond).toBe(0)
    rate.add(7)
    expect(rate.perSecond).toBe(0.7)
  })
})
