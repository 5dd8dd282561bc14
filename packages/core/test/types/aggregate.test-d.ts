import { expectTypeOf, it } from 'vitest'
import { IsInt, IsISO4217CurrencyCode, IsOptional, IsPositive, IsString } from 'class-validator'
import {
  AggregateRoot,
  Apply,
  Command,
  Event,
  Handle,
  token,
  type App,
  type ApplyMeta,
  type EventMeta,
  type EventsOf,
  type Position,
  type ResultOf,
} from '@hindcast/core'
import { scenario } from '@hindcast/testing'

class AccountOpened extends Event('account.opened') {
  @IsString() owner!: string
  @IsOptional() @IsString() note?: string
}
class Deposited extends Event('account.deposited', { version: 3 }) {
  @IsInt() @IsPositive() cents!: number
  @IsISO4217CurrencyCode() currency!: string
}
/** The same shape as Deposited, and still another event. */
class Withdrawn extends Event('account.withdrawn') {
  @IsInt() @IsPositive() cents!: number
  @IsISO4217CurrencyCode() currency!: string
}
class AccountClosed extends Event('account.closed') {}
interface Balance {
  readonly cents: number
}
class Deposit extends Command('account.deposit')<Balance> {
  @IsInt() cents!: number
  @IsString() currency!: string
}
/** The same shape and result as Deposit, and still another command. */
class Withdraw extends Command('account.withdraw')<Balance> {
  @IsInt() cents!: number
  @IsString() currency!: string
}
class CloseAccount extends Command('account.close') {}
interface Rates {
  toEuro(cents: number, currency: string): number
}
const RATES = token<Rates>('rates')
class Account extends AggregateRoot<AccountOpened | Deposited | AccountClosed> {
  cents = 0
  @Handle(Deposit, { inject: [RATES] }) deposit(command: Deposit, rates: Rates): Balance {
    this.emit(Deposited, { cents: rates.toEuro(command.cents, command.currency), currency: 'EUR' })
    return { cents: this.cents }
  }
  @Handle(CloseAccount) async close() {
    this.emit(AccountClosed)
    await Promise.resolve()
  }
  @Apply(AccountOpened) opened() {}
  @Apply(Deposited) deposited(event: Deposited, meta: ApplyMeta) {
    this.cents += event.cents + meta.version
  }
  @Apply(AccountClosed) closed() {}
}
declare const app: App

it('knows the events of an aggregate and the result of a command', () => {
  expectTypeOf<EventsOf<Account>>().toEqualTypeOf<AccountOpened | Deposited | AccountClosed>()
  expectTypeOf<ResultOf<Deposit>>().toEqualTypeOf<Balance>()
  expectTypeOf<ResultOf<CloseAccount>>().toEqualTypeOf<void>()
  expectTypeOf(app.execute('a', Deposit.of({ cents: 1, currency: 'EUR' }))).resolves.toExtend<{
    readonly result: Balance
    readonly position: Position
  }>()
})

it('refuses wrong parameters, results and services of methods', () => {
  class Bad extends AggregateRoot<Deposited> {
    // @ts-expect-error an event of equal shape is another event
    @Apply(Deposited) a(_: Withdrawn) {}
    // @ts-expect-error the event is not one of the aggregate's
    @Apply(Withdrawn) b(_: Withdrawn) {}
    // @ts-expect-error a command of equal shape is another command
    @Handle(Deposit) c(_: Withdraw): Balance {
      return { cents: 1 }
    }
    // @ts-expect-error the result is not the command's
    @Handle(Deposit) d(_: Deposit): string {
      return ''
    }
    // @ts-expect-error the service is not the token's
    @Handle(Deposit, { inject: [RATES] }) e(_: Deposit, __: number): Balance {
      return { cents: 1 }
    }
    // @ts-expect-error an event is no command
    @Handle(Deposited) f(_: Deposited) {}
    @Handle(CloseAccount) g() {
      // @ts-expect-error the event is not one of the aggregate's
      this.emit(AccountOpened, { owner: 'x' })
    }
    @Handle(CloseAccount) h() {
      // @ts-expect-error a field is missing
      this.emit(Deposited, { cents: 1 })
    }
    @Handle(CloseAccount) i() {
      // @ts-expect-error an event of equal shape is another event
      this.emit(Withdrawn, { cents: 1, currency: 'EUR' })
    }
    // @ts-expect-error folding is synchronous
    @Apply(Deposited) async j(_: Deposited) {}
    // @ts-expect-error the position is not known while a command decides
    @Apply(Deposited) k(_: Deposited, __: EventMeta) {}
    // @ts-expect-error a command without a result returns none
    @Handle(Deposit) l(_: Deposit) {}
  }
  void Bad
})

it('refuses wrong data of messages', () => {
  // @ts-expect-error an unknown field
  Deposit.of({ cents: 1, currency: 'EUR', foo: 1 })
  // @ts-expect-error undefined is not absent
  AccountOpened.of({ owner: 'Ada', note: undefined })
  // @ts-expect-error a field is missing
  Deposit.of({ cents: 1 })
  // @ts-expect-error all data is missing
  Deposit.of()
  // @ts-expect-error a field of another type
  Deposit.of({ cents: '1', currency: 'EUR' })
  AccountClosed.of()
})

it('refuses wrong use of an app', async () => {
  // @ts-expect-error the command has no result
  const text: string = (await app.execute('a', CloseAccount.of())).result
  void text
  // @ts-expect-error an event is no command
  await app.execute('a', Deposited.of({ cents: 1, currency: 'EUR' }))
})

it('refuses wrong scenarios', () => {
  // @ts-expect-error the event is not one of the aggregate's
  scenario(Account, { given: [Withdrawn.of({ cents: 1, currency: 'EUR' })], when: CloseAccount.of() })
  // @ts-expect-error the result is not the command's
  scenario(Account, { when: Deposit.of({ cents: 1, currency: 'EUR' }), result: { cents: 'x' } })
  // @ts-expect-error the state has no such field
  scenario(Account, { when: CloseAccount.of(), state: { money: 1 } })
})
