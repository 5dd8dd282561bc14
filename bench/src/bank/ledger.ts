import type { EventStore } from '@hindcast/core'
import { accountKey } from './sample.js'

/** A balance in the log is not the sum of what was acknowledged. */
export class WrongBalanceError extends Error {
  override readonly name = 'WrongBalanceError'
}

/** What was acknowledged, account by account, kept apart from the code that is measured. */
export class Ledger {
  readonly #accounts = new Map<number, { cents: number; events: number }>()

  /** Notes what was acknowledged: a deposit, an opening with 0 cents, or the sum of several events. */
  note(account: number, cents: number, events = 1): void {
    const known = this.#accounts.get(account)
    if (known) {
      known.cents += cents
      known.events += events
    } else this.#accounts.set(account, { cents, events })
  }

  /** What an account must hold; 0 for one that nothing was noted of. */
  cents(account: number): number {
    return this.#accounts.get(account)?.cents ?? 0
  }

  /**
   * Reads the accounts from the log, event by event, without the aggregate.
   *
   * @throws WrongBalanceError that names the account and both sums
   */
  async check(store: EventStore): Promise<void> {
    for (const [account, expected] of this.#accounts) {
      const found = await countStream(store, accountKey(account))
      if (found.cents !== expected.cents || found.events !== expected.events)
        throw new WrongBalanceError(
          `${accountKey(account)}: ${expected.cents} cents in ${expected.events} events were acknowledged, ` +
            `the log has ${found.cents} in ${found.events}`,
        )
    }
  }
}

async function countStream(store: EventStore, key: string): Promise<{ cents: number; events: number }> {
  const found = { cents: 0, events: 0 }
  for await (const batch of store.readStream(`account-${key}`, { fresh: true }))
    for (const event of batch) {
      if (event.version !== found.events++)
        throw new WrongBalanceError(
          `${key}: event ${found.events - 1} of its stream has version ${event.version}`,
        )
      found.cents += (JSON.parse(event.data) as { cents?: number }).cents ?? 0
    }
  return found
}
