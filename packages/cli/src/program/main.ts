import type { Streams } from '../output/output.js'
import { EXIT, type ExitCode } from './exit-code.js'
import { isSaid, program, type GlobalOptions } from './program.js'
import type { Verb } from './verb-group.js'

/** What a command line runs in. */
export interface Surroundings extends Streams {
  /** Where the config file is looked for. */
  readonly folder: string
  /** Where answers to questions come from. Default: nobody is asked, and nothing that needs it is done. */
  readonly stdin?: NodeJS.ReadStream
  /** Aborted when the process is told to end. */
  readonly signal: AbortSignal
}

/** Understands a command line and does what it says. Never throws. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let code: ExitCode = EXIT.done
  const root = program(async (options, verb) => {
    code = await execute(options, verb, surroundings)
  }, surroundings)
  try {
    await root.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (isSaid(error)) return error.exitCode === 0 ? EXIT.done : EXIT.misunderstood
    throw error
  }
}

async function execute(
  { config: named, json, verbose }: GlobalOptions,
  verb: Verb,
  { folder, signal, stdin, stdout, stderr }: Surroundings,
): Promise<ExitCode> {
  try {
    const [{ findConfig }, { loadConfig }, { outputTo }, { confirmationAt }] = await Promise.all([
      import('../config/find-config.js'),
      import('../config/load-config.js'),
      import('../output/output.js'),
      import('../verb/confirmation.js'),
    ])
    const config = await loadConfig(await findConfig(folder, named))
    const output = outputTo({ stdout, stderr }, json)
    return (
      (await verb({ config, output, confirm: confirmationAt({ stdin, stderr, signal }), signal })) ??
      EXIT.done
    )
  } catch (error) {
    const { reportError } = await import('./report-error.js')
    return reportError(error, { stdout, stderr }, { json, verbose })
  }
}
