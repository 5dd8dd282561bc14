import { describe, expect, it } from 'vitest'
import { FAULTS, missingFaults, noFaults } from './fault-counts.js'

describe('the kinds of fault', () => {
  it('are all missing from a run without any', () => {
    expect(missingFaults(noFaults())).toEqual(Object.keys(FAULTS))
  })

  it('are missing when they never came', () => {
    const counts = Object.fromEntries(Object.keys(FAULTS).map(kind => [kind, 1]))
    expect(missingFaults(counts)).toEqual([])
    expect(missingFaults({ ...counts, intruder: 0 })).toEqual(['intruder'])
  })
})
