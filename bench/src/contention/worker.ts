import { stores } from '../store/stores.js'
import { Contender } from './contender.js'
import type { TurnOrder } from './side.js'

/** What a worker is told on its command line: the store, where its log stands, and the worker's name. */
const [, , store = '', address = '', name = ''] = process.argv

const ground = await stores[store]![0]!.join!(address)
const contender = await Contender.start(ground, name)
process.on('message', (order: TurnOrder | 'end') => {
  void (order === 'end' ? end() : turn(order))
})
process.send!('ready')

async function turn(order: TurnOrder): Promise<void> {
  process.send!(await contender.turn(order))
}

async function end(): Promise<void> {
  await contender[Symbol.asyncDispose]()
  process.disconnect()
}
