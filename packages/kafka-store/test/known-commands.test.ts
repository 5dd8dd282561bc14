import { randomUUID } from 'node:crypto'
import { uuidV7Source } from '@hindcast/core'
import { describe, expect, it } from 'vitest'
import { KnownCommands } from '../src/index/known-commands.js'

const MANY = 70_000

describe('the command ids that an index knows to be new', () => {
  it('are none that was used, in whatever order ids come', () => {
    const commands = new KnownCommands('')
    const source = uuidV7Source()
    const used: string[] = []
    for (let i = 0; i < MANY; i++) {
      const id = i % 5 === 0 ? randomUUID() : i % 7 === 0 ? `import-${i}` : source.next()
      commands.add(id)
      used.push(id)
    }
    expect(used.filter(id => commands.isNew(id))).toEqual([])
  })

  it('are those that grow with time, but for a few that look like a used one', () => {
    const source = uuidV7Source()
    const commands = new KnownCommands(source.next())
    let doubted = 0
    for (let i = 0; i < MANY; i++) {
      const id = source.next()
      if (!commands.isNew(id)) doubted++
      commands.add(id)
    }
    expect(doubted).toBeLessThan(MANY / 1000)
  })

  it('are none that is no UUID, and none that does not grow', () => {
    const commands = new KnownCommands('ffffffff-0000-7000-8000-000000000000')
    expect(commands.isNew('import-1')).toBe(false)
    expect(commands.isNew('FFFFFFFF-FFFF-7000-8000-000000000000')).toBe(false)
    expect(commands.isNew('00000000-0000-7000-8000-000000000000')).toBe(false)
    expect(commands.isNew('ffffffff-0000-7000-8000-000000000001')).toBe(true)
  })
})
