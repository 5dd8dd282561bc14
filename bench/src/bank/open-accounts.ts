import { EventCatalog, type EventStore, type NewEvent } from '@hindcast/core'
import { AccountOpened, Deposited } from './account.js'
import { fillStreams, type StreamFill } from './fill-streams.js'
import type { Ledger } from './ledger.js'
import { accountKey, depositData } from './sample.js'

const catalog = new EventCatalog([AccountOpened, Deposited])
const opened = catalog.encode(AccountOpened.of({ owner: 'Ada' }))

/**
 * Writes accounts: an opening and deposits.
 *
 * @param eventsOf - how many events the n-th account gets, 1 or more
 * @param ledger - notes those accounts that have more than the opening
 */
export async function openAccounts(
  store: EventStore,
  from: number,
  to: number,
  eventsOf: (account: number) => number,
  ledger: Ledger,
): Promise<void> {
  const fills = function* (): Iterable<StreamFill> {
    for (let account = from; account < to; account++) {
      const count = eventsOf(account)
      if (count > 1) ledger.note(account, 0)
      yield { stream: `account-${accountKey(account)}`, events: eventsOfAccount(account, count, ledger) }
    }
  }
  await fillStreams(store, fills())
}

function* eventsOfAccount(account: number, count: number, ledger: Ledger): Iterable<Omit<NewEvent, 'id'>> {
  yield opened
  for (let n = 1; n < count; n++) {
    const data = depositData(account + n)
    ledger.note(account, data.cents)
    yield catalog.encode(Deposited.of(data))
  }
}
