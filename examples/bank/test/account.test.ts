import { it } from 'vitest'
import { scenario } from '@hindcast/testing'
import {
  Account,
  AccountClosed,
  AccountOpened,
  CloseAccount,
  Deposit,
  Deposited,
  OpenAccount,
  Withdraw,
  Withdrawn,
} from '../src/account.js'
import { ratesModule } from '../src/rates.js'

const opened = AccountOpened.of({ owner: 'Ada' })
const fiveEuro = Deposited.of({ cents: 500, currency: 'EUR' })
const modules = [ratesModule]

it(
  'opens',
  scenario(Account, { when: OpenAccount.of({ owner: 'Ada' }), then: [opened], state: { opened: true } }),
)
it(
  'opens only once',
  scenario(Account, { given: [opened], when: OpenAccount.of({ owner: 'Eve' }), rejected: 'account.exists' }),
)
it(
  'adds what is deposited, in euro',
  scenario(Account, {
    given: [opened],
    when: Deposit.of({ cents: 625, currency: 'USD' }),
    then: [fiveEuro],
    result: { cents: 500 },
    state: { cents: 500 },
    modules,
  }),
)
it(
  'pays out what is there',
  scenario(Account, {
    given: [opened, fiveEuro],
    when: Withdraw.of({ cents: 200 }),
    then: [Withdrawn.of({ cents: 200 })],
    result: { cents: 300 },
    modules,
  }),
)
it(
  'pays out no more than is there',
  scenario(Account, {
    given: [opened, fiveEuro],
    when: Withdraw.of({ cents: 501 }),
    rejected: 'account.insufficient',
    modules,
  }),
)
it(
  'refuses a deposit that is no money',
  scenario(Account, {
    given: [opened],
    when: Deposit.of({ cents: 1.5, currency: 'EUR' }),
    rejected: 'HC_VALIDATION',
    modules,
  }),
)
it(
  'takes nothing when closed',
  scenario(Account, {
    given: [opened, AccountClosed.of()],
    when: Deposit.of({ cents: 500, currency: 'EUR' }),
    rejected: 'account.closed',
    modules,
  }),
)
it(
  'closes',
  scenario(Account, { given: [opened], when: CloseAccount.of(), then: [AccountClosed.of()], modules }),
)
