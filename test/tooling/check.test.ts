import { describe, expect, it } from 'vitest'
import { refuseBlindness } from '../../scripts/check/result.mjs'
import { schedule, select } from '../../scripts/check/schedule.mjs'
import { steps } from '../../scripts/check/steps.mjs'

describe('a step of the check', () => {
  it('fails when it saw nothing, or does not say what it saw', () => {
    expect(refuseBlindness({ saw: { files: 0, rules: 3 }, problems: [] }).problems).toEqual([
      'saw 0 files: the check is looking at nothing',
    ])
    expect(refuseBlindness({ saw: {}, problems: [] }).problems).toEqual(['does not say what it saw'])
    expect(refuseBlindness({ saw: { files: 1 }, problems: [] }).problems).toEqual([])
  })

  it('starts after the steps whose output it reads, and never more than the given number run at once', async () => {
    const started: string[] = []
    const ended: string[] = []
    let most = 0
    await schedule(steps, 2, async name => {
      const { after } = steps.find(step => step.name === name)!
      expect(after.filter(before => !ended.includes(before))).toEqual([])
      started.push(name)
      most = Math.max(most, started.length - ended.length)
      await Promise.resolve()
      ended.push(name)
    })
    expect(ended.toSorted()).toEqual(steps.map(({ name }) => name).toSorted())
    expect(most).toBe(2)
  })

  it('is refused when it waits for itself', async () => {
    const circle = [
      { name: 'a', after: ['b'] },
      { name: 'b', after: ['a'] },
    ]
    await expect(schedule(circle, 2, () => Promise.resolve())).rejects.toThrow('wait for one another: a, b')
  })

  it('can be chosen by name, and brings those it comes after', () => {
    expect(select(steps, ['lint']).map(({ name }) => name)).toEqual(['build', 'lint'])
    expect(select(steps, [])).toHaveLength(steps.length)
    expect(() => select(steps, ['lnit'])).toThrow('no such step: lnit')
  })
})
