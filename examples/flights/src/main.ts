import { parseArgs } from 'node:util'
import { HindcastError } from '@hindcast/core'
import { demo } from './demo.js'
import type { Flags } from './places.js'

const USAGE = `npm run demo -- [--data <folder>] [--kafka <host:port>,… [--topic <name>]] [--postgres <url>]`

/** What was asked for; undefined when it was not understood. */
function flagsOf(args: readonly string[]): Flags | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string', default: 'data/flights' },
        kafka: { type: 'string' },
        topic: { type: 'string', default: 'flights' },
        postgres: { type: 'string' },
      },
    })
    return values
  } catch (error) {
    console.error((error as Error).message)
    return undefined
  }
}

const flags = flagsOf(process.argv.slice(2))
if (!flags) {
  console.error(USAGE)
  process.exitCode = 2
} else
  await demo(flags).catch((error: unknown) => {
    const isTold = error instanceof HindcastError || (error instanceof Error && 'syscall' in error)
    console.error(isTold ? `${(error as Error & { code: string }).code} ${error.message}` : error)
    process.exitCode = 1
  })
