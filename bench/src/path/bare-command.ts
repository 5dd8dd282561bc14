import { validateSync } from 'class-validator'
import { Deposit, Deposited } from '../bank/account.js'
import type { DepositData } from '../bank/sample.js'
import { NextTurn } from './answering-store.js'

const OPTIONS = { forbidUnknownValues: false } as const

/** What cannot be left out, written by hand: rules of the command and of the event, JSON, an answer in the next turn. */
export class BareCommands {
  readonly #answers = new NextTurn()
  /** What was written last, so that nothing is left out as unused. */
  last = ''

  async execute(data: DepositData): Promise<void> {
    if (validateSync(Deposit.of(data), OPTIONS).length > 0) throw new Error('the command is not valid')
    const event = Deposited.of(data)
    if (validateSync(event, OPTIONS).length > 0) throw new Error('the event is not valid')
    this.last = JSON.stringify(event)
    await new Promise<void>(resolve => this.#answers.add(resolve))
  }
}
