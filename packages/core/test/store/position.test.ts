import { describe, expect, it } from 'vitest'
import { makePosition, PositionError, positionFrom } from '@hindcast/core'

describe('a text from outside', () => {
  it('is the position that it was made of', () => {
    const position = makePosition('log-1', 3, 42n)
    expect(positionFrom(String(position))).toBe(position)
  })

  it.each(['', 'yesterday', 'log-1/3', 'log-1/3:-1', 'log 1/3:4', 'log-1/3:4 ', `log-1/3:${'9'.repeat(20)}`])(
    'is refused as a position when it is %j',
    text => {
      expect(() => positionFrom(text)).toThrow(PositionError)
    },
  )
})
