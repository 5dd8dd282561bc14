import { ContainerModule } from 'inversify'
import { RATES, type Rates } from './account.js'

const PER_EURO: Readonly<Record<string, number>> = { EUR: 1, USD: 1.25 }

/** Fixed rates, good enough for a tutorial. */
const fixedRates: Rates = {
  toEuro: (cents, currency) => Math.round(cents / (PER_EURO[currency] ?? 1)),
}

export const ratesModule = new ContainerModule(({ bind }) => {
  bind(RATES).toConstantValue(fixedRates)
})
