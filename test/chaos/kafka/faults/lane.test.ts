import { describe, expect, it } from 'vitest'
import { Random } from '../../random.js'
import { runLane } from './lane.js'

const KINDS = ['kill', 'freeze', 'cut', 'delay', 'forbid']
const ROUNDS = 6

describe('a lane of faults', () => {
  it('comes in the same order again with the same seed', async () => {
    expect(await orderWith(7)).toEqual(await orderWith(7))
    expect(await orderWith(7)).not.toEqual(await orderWith(8))
  })

  it('has every kind in each round', async () => {
    const order = await orderWith(7)
    for (let round = 0; round < ROUNDS; round++)
      expect(order.slice(round * KINDS.length, (round + 1) * KINDS.length).toSorted()).toEqual(
        [...KINDS].toSorted(),
      )
  })
})

async function orderWith(seed: number): Promise<string[]> {
  const order: string[] = []
  const kinds = KINDS.map(kind => async () => void order.push(kind))
  await runLane({ pauseMs: [0, 1], kinds }, new Random(seed), () => order.length === ROUNDS * KINDS.length)
  return order
}
