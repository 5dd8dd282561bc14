import { expect, it } from 'vitest'
import { Balances, Deposited, Opened } from '../bank.js'
import { listen } from '../listen.js'
import { BankLog, caughtUp, startAlone } from '../log.js'

it('the steps of a batch are published in order, with the checkpoint before and after', async () => {
  const log = await BankLog.open()
  await log.append('a', Opened.of({ owner: 'Ada' }), Deposited.of({ cents: 1 }))
  using steps = listen('hindcast:projections:step')
  await using runtime = await startAlone(log.source(), new Map(), [Balances])
  await caughtUp(runtime)
  expect(steps.messages.map(({ step }) => step)).toEqual([
    'read',
    'decoded',
    'begun',
    'checkpoint-written',
    'folded',
    'rows-written',
    'committed',
    'acknowledged',
  ])
  for (const message of steps.messages)
    expect(message).toMatchObject({
      logId: 'bank',
      projection: 'balances',
      version: 1,
      partition: 0,
      checkpoint: 0n,
      next: 3n,
    })
})
