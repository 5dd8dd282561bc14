import { describe, expect, it } from 'vitest'
import { uuidV7Source } from '@hindcast/core'

const COUNT = 200_000
const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('the ids of uuidV7Source', () => {
  it('are well-formed, unique and strictly increasing, for 200,000 ids', () => {
    const source = uuidV7Source()
    const ids = new Set<string>()
    let last = ''
    for (let i = 0; i < COUNT; i++) {
      const id = source.next()
      if (!SHAPE.test(id)) expect.fail(`"${id}" is no UUID of version 7`)
      if (id <= last) expect.fail(`"${id}" does not come after "${last}"`)
      ids.add(id)
      last = id
    }
    expect(ids.size).toBe(COUNT)
  })

  it('carry the time of their making', () => {
    const before = Date.now()
    const id = uuidV7Source().next()
    const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(Date.now())
  })

  it('are unique across sources that run at the same time', () => {
    const sources = Array.from({ length: 8 }, () => uuidV7Source())
    const ids = new Set<string>()
    for (let i = 0; i < 10_000; i++) for (const source of sources) ids.add(source.next())
    expect(ids.size).toBe(80_000)
  })
})
