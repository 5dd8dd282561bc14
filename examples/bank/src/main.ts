import { Hindcast } from '@hindcast/core'
import { Account, Deposit, depositedHistory, OpenAccount, Withdraw } from './account.js'
import { Balances } from './balances.js'
import { ratesModule } from './rates.js'

await using app = await Hindcast.start({
  aggregates: [Account],
  projections: [Balances],
  upcasters: [depositedHistory],
  modules: [ratesModule],
})

await app.execute('acc-1', OpenAccount.of({ owner: 'Ada' }))
await app.execute('acc-1', Deposit.of({ cents: 500, currency: 'USD' }))
const { result, position } = await app.execute('acc-1', Withdraw.of({ cents: 150 }))
console.log('balance after the withdrawal:', result.cents)

const row = await app.view(Balances).get('acc-1', { atLeast: position, timeoutMs: 2000 })
console.log('read model:', row)

try {
  await app.execute('acc-1', Withdraw.of({ cents: 1_000_000 }))
} catch (error) {
  console.log('refused:', (error as Error).message)
}
