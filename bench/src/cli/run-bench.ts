import { WrongBalanceError } from '../bank/ledger.js'
import { jsonOutput } from '../report/json-output.js'
import { busyWarning } from '../report/machine.js'
import { tableOutput } from '../report/table-output.js'
import { stores } from '../store/stores.js'
import { runSuite } from '../suite/run-suite.js'
import { suites } from '../suite/suites.js'
import { helpText } from './help.js'
import { parseArguments } from './parse-arguments.js'
import { planOf } from './plan.js'
import { UsageError } from './usage-error.js'

/** Runs the bench. @returns the exit code: 0; 1 for a wrong balance; 2 for a command line that cannot be understood */
export async function runBench(argv: readonly string[]): Promise<number> {
  try {
    const parsed = parseArguments(argv)
    if (parsed.options.help) {
      process.stdout.write(`${helpText(suites)}\n`)
      return 0
    }
    const { chosen, benches } = planOf(parsed, suites, stores)
    const output = parsed.options.json ? jsonOutput : tableOutput
    const warning = busyWarning()
    for (const suite of chosen) await runSuite(suite, benches, parsed.options, output, warning)
    return 0
  } catch (error) {
    if (error instanceof UsageError)
      process.stderr.write(`${error.message}\nnpm run bench -- --help says more\n`)
    else if (error instanceof WrongBalanceError) process.stderr.write(`WRONG BALANCE: ${error.message}\n`)
    else throw error
    return error instanceof UsageError ? 2 : 1
  }
}
