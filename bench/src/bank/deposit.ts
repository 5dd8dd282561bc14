import type { App } from '@hindcast/core'
import { Deposit } from './account.js'
import type { Ledger } from './ledger.js'
import { accountKey, depositData } from './sample.js'

/** The n-th deposit, into an account; noted when it is acknowledged. */
export async function deposit(app: App, ledger: Ledger, account: number, n: number): Promise<void> {
  const data = depositData(n)
  await app.execute(accountKey(account), Deposit.of(data))
  ledger.note(account, data.cents)
}
