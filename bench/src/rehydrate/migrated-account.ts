import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  Event,
  Handle,
  upcast,
  type Upcaster,
} from '@hindcast/core'
import type { Balance } from '../bank/account.js'

/** The deposit after nine changes of its shape. */
export class MigratedDeposit extends Event('bench_account.migrated_deposit', { version: 10 }) {
  cents!: number
  currency!: string
  reference!: string
  memo!: string
}

/** The same with no history. */
export class YoungDeposit extends Event('bench_account.young_deposit') {
  cents!: number
  currency!: string
  reference!: string
  memo!: string
}

export class ShowMigrated extends Command('bench_account.show_migrated')<Balance> {}
export class ShowYoung extends Command('bench_account.show_young')<Balance> {}

@Aggregate('migrated')
export class MigratedAccount extends AggregateRoot<MigratedDeposit> {
  cents = 0

  @Handle(ShowMigrated) show(): Balance {
    return { cents: this.cents }
  }

  @Apply(MigratedDeposit) onDeposited(event: MigratedDeposit): void {
    this.cents += event.cents
  }
}

@Aggregate('young')
export class YoungAccount extends AggregateRoot<YoungDeposit> {
  cents = 0

  @Handle(ShowYoung) show(): Balance {
    return { cents: this.cents }
  }

  @Apply(YoungDeposit) onDeposited(event: YoungDeposit): void {
    this.cents += event.cents
  }
}

interface Shape {
  readonly cents: number
  readonly currency: string
  readonly reference: string
  readonly memo: string
}

const RETIRED = 200
const same = (old: Shape): Shape => old

const history: Upcaster<MigratedDeposit> = upcast(MigratedDeposit)
  .from<{ readonly amount: number }>(1)
  .up(old => ({ cents: old.amount * 100, currency: 'EUR', reference: '', memo: '' }))
  .up(same)
  .up(same)
  .up(same)
  .up(same)
  .up(same)
  .up(same)
  .up(same)
  .up(same)
  .done()

const retired = Array.from({ length: RETIRED }, (_, i) => upcast(`bench_account.retired_${i}`).from(1).drop())

/** The catalog of an app that has lived: nine steps behind its event, and 200 events that are gone. */
export const fullCatalog: readonly Upcaster[] = [history, ...retired]
