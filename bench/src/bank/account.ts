import { Aggregate, AggregateRoot, Apply, Command, DomainError, Event, Handle } from '@hindcast/core'
import { IsInt, IsISO4217CurrencyCode, IsPositive, IsString, MaxLength } from 'class-validator'

export class AccountOpened extends Event('bench_account.opened') {
  @IsString() @MaxLength(200) owner!: string
}

/** About 200 bytes of JSON. */
export class Deposited extends Event('bench_account.deposited') {
  @IsInt() @IsPositive() cents!: number
  @IsISO4217CurrencyCode() currency!: string
  @IsString() @MaxLength(64) reference!: string
  @IsString() @MaxLength(140) memo!: string
}

export interface Balance {
  readonly cents: number
}

export class OpenAccount extends Command('bench_account.open') {
  @IsString() @MaxLength(200) owner!: string
}

export class Deposit extends Command('bench_account.deposit')<Balance> {
  @IsInt() @IsPositive() cents!: number
  @IsISO4217CurrencyCode() currency!: string
  @IsString() @MaxLength(64) reference!: string
  @IsString() @MaxLength(140) memo!: string
}

/** Emits nothing: what it costs is the loading. */
export class ShowBalance extends Command('bench_account.show')<Balance> {}

/** The bank account that every suite works on. */
@Aggregate('account')
export class Account extends AggregateRoot<AccountOpened | Deposited> {
  opened = false
  cents = 0

  @Handle(OpenAccount) open({ owner }: OpenAccount): void {
    if (this.opened) throw new DomainError('account.exists', `Account ${this.key} is open already`)
    this.emit(AccountOpened, { owner })
  }

  @Handle(Deposit) deposit({ cents, currency, reference, memo }: Deposit): Balance {
    if (!this.opened) throw new DomainError('account.unknown', `Account ${this.key} was never opened`)
    this.emit(Deposited, { cents, currency, reference, memo })
    return { cents: this.cents }
  }

  @Handle(ShowBalance) show(): Balance {
    return { cents: this.cents }
  }

  @Apply(AccountOpened) onOpened(): void {
    this.opened = true
  }

  @Apply(Deposited) onDeposited(event: Deposited): void {
    this.cents += event.cents
  }
}
