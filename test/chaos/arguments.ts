import { parseArgs } from 'node:util'

/** What was asked for on the command line. */
export interface ChaosArguments {
  readonly store: string
  readonly seconds: number
  readonly seed: number
  readonly json: boolean
}

/** How to ask. */
export const USAGE = 'npm run chaos -- --store lmdb|kafka [--seconds N] [--seed S] [--json]'

/** How to ask for the same run once more. */
export function commandLine(store: string, seconds: number, seed: number): string {
  return `npm run chaos -- --store ${store} --seconds ${seconds} --seed ${seed}`
}

const DEFAULT_SECONDS = '30'
const SEEDS = 1_000_000

/** Reads the command line. @throws Error that says what is wrong */
export function parseChaosArguments(args: readonly string[]): ChaosArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: 'string', default: 'lmdb' },
      seconds: { type: 'string', default: DEFAULT_SECONDS },
      seed: { type: 'string', default: String(Math.floor(Math.random() * SEEDS)) },
      json: { type: 'boolean', default: false },
    },
  })
  return {
    store: values.store,
    seconds: positive('seconds', values.seconds),
    seed: positive('seed', values.seed),
    json: values.json,
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new Error(`--${name} ${text} is not a number of 0 or more`)
  return value
}
