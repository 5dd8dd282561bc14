import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  DomainError,
  Event,
  Handle,
  token,
  upcast,
} from '@hindcast/core'
import { IsInt, IsISO4217CurrencyCode, IsPositive, IsString } from 'class-validator'

export class AccountOpened extends Event('account.opened') {
  @IsString() owner!: string
}
export class Deposited extends Event('account.deposited', { version: 3 }) {
  @IsInt() @IsPositive() cents!: number
  @IsISO4217CurrencyCode() currency!: string
}
export class Withdrawn extends Event('account.withdrawn') {
  @IsInt() @IsPositive() cents!: number
}
export class AccountClosed extends Event('account.closed') {}

export interface Balance {
  readonly cents: number
}
export class OpenAccount extends Command('account.open') {
  @IsString() owner!: string
}
export class Deposit extends Command('account.deposit')<Balance> {
  @IsInt() @IsPositive() cents!: number
  @IsISO4217CurrencyCode() currency!: string
}
export class Withdraw extends Command('account.withdraw')<Balance> {
  @IsInt() @IsPositive() cents!: number
}
export class CloseAccount extends Command('account.close') {}

/** A service that a handler needs; a module binds it. */
export interface Rates {
  toEuro(cents: number, currency: string): number
}
export const RATES = token<Rates>('rates')

@Aggregate('account', { snapshotEvery: 100 })
export class Account extends AggregateRoot<AccountOpened | Deposited | Withdrawn | AccountClosed> {
  opened = false
  closed = false
  cents = 0

  @Handle(OpenAccount) open(command: OpenAccount) {
    if (this.opened) throw new DomainError('account.exists', `Account ${this.key} is open already`)
    this.emit(AccountOpened, { owner: command.owner })
  }

  @Handle(Deposit, { inject: [RATES] }) deposit(command: Deposit, rates: Rates): Balance {
    this.demandOpen()
    this.emit(Deposited, { cents: rates.toEuro(command.cents, command.currency), currency: 'EUR' })
    return { cents: this.cents }
  }

  @Handle(Withdraw) withdraw(command: Withdraw): Balance {
    this.demandOpen()
    if (command.cents > this.cents)
      throw new DomainError(
        'account.insufficient',
        `Account ${this.key} holds ${this.cents} cents, not ${command.cents}`,
      )
    this.emit(Withdrawn, { cents: command.cents })
    return { cents: this.cents }
  }

  @Handle(CloseAccount) close() {
    this.demandOpen()
    this.emit(AccountClosed)
  }

  @Apply(AccountOpened) onOpened() {
    this.opened = true
  }
  @Apply(Deposited) onDeposited(event: Deposited) {
    this.cents += event.cents
  }
  @Apply(Withdrawn) onWithdrawn(event: Withdrawn) {
    this.cents -= event.cents
  }
  @Apply(AccountClosed) onClosed() {
    this.closed = true
  }

  private demandOpen() {
    if (!this.opened) throw new DomainError('account.unknown', `Account ${this.key} was never opened`)
    if (this.closed) throw new DomainError('account.closed', `Account ${this.key} is closed`)
  }
}

/** Version 1 counted whole euros as `amount`; version 2 had no currency. */
export const depositedHistory = upcast(Deposited)
  .from<{ amount: number }>(1)
  .up(old => ({ cents: old.amount * 100 }))
  .up(old => ({ ...old, currency: 'EUR' }))
  .done()
