import { Aggregate, AggregateRoot, Apply, Command, Event, Handle } from '@hindcast/core'
import { IsInt } from 'class-validator'

export class Deposited extends Event('account.deposited') {
  @IsInt() cents!: number
}
export class Deposit extends Command('account.deposit')<number> {
  @IsInt() cents!: number
}
/** An account whose deposits answer with its balance. */
@Aggregate('account')
export class Account extends AggregateRoot<Deposited> {
  cents = 0
  @Handle(Deposit) deposit({ cents }: Deposit): number {
    this.emit(Deposited, { cents })
    return this.cents
  }
  @Apply(Deposited) deposited({ cents }: Deposited): void {
    this.cents += cents
  }
}
