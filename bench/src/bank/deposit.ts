import type { App } from '@hindcast/core'
import { runClients, type Turn, type Until } from '../measure/run-clients.js'
import { Deposit } from './account.js'
import type { Ledger } from './ledger.js'
import { accountKey, depositData } from './sample.js'

/**
 * Clients deposit side by side. What they did is noted at the end, since all of it was acknowledged then: noting is no part of
 * a command.
 *
 * @param accountOf - into which account the n-th deposit of the turn goes; gives the same each time
 */
export async function runDeposits(
  app: App,
  ledger: Ledger,
  clients: number,
  until: Until,
  accountOf: (n: number) => number,
): Promise<Turn> {
  const turn = await runClients(clients, until, n =>
    app.execute(accountKey(accountOf(n)), Deposit.of(depositData(n))),
  )
  for (let n = 0; n < turn.operations; n++) ledger.note(accountOf(n), depositData(n).cents)
  return turn
}
