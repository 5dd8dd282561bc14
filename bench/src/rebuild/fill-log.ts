import { EventCatalog, uuidV7Source, type EventStore, type NewEvent } from '@hindcast/core'
import { AccountOpened, Deposited } from '../bank/account.js'
import { accountKey, depositData } from '../bank/sample.js'

const WRITERS = 1000

/** What every account must come to, kept apart from the code that is measured. */
export interface Expected {
  readonly cents: number
  readonly events: number
}

const catalog = new EventCatalog([AccountOpened, Deposited])
const opened = catalog.encode(AccountOpened.of({ owner: 'Ada' }))

/**
 * Writes a log in which the accounts take turns, so that neighbours in it are of different rows: an opening each, then
 * deposits. Each event is an append of its own, as commands make them.
 *
 * @returns by account
 */
export async function fillLog(
  store: EventStore,
  events: number,
  accounts: number,
): Promise<ReadonlyMap<string, Expected>> {
  const ids = uuidV7Source()
  const expected = new Map<string, Expected>()
  let n = 0
  const writer = async (): Promise<void> => {
    while (n < events) {
      const mine = n++
      const account = mine % accounts
      const version = Math.floor(mine / accounts)
      const key = accountKey(account)
      const { event, cents } = version === 0 ? { event: opened, cents: 0 } : deposit(mine)
      expected.set(key, { cents: (expected.get(key)?.cents ?? 0) + cents, events: version + 1 })
      await append(store, `account-${key}`, version, { id: ids.next(), ...event })
    }
  }
  await Promise.all(Array.from({ length: Math.min(WRITERS, accounts) }, writer))
  return expected
}

function deposit(n: number): { readonly event: Omit<NewEvent, 'id'>; readonly cents: number } {
  const data = depositData(n)
  return { event: catalog.encode(Deposited.of(data)), cents: data.cents }
}

async function append(store: EventStore, stream: string, version: number, event: NewEvent): Promise<void> {
  const expected = version === 0 ? 'none' : version - 1
  const answer = await store.append([{ stream, expected, events: [event] }], { commandId: event.id })
  if (answer.kind === 'conflict') throw new Error(`stream "${stream}" is not at version ${String(expected)}`)
}
