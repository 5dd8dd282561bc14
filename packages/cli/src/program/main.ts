import type { Streams } from '../output/output.js'
import type { VerbContext } from '../verb/verb.js'
import { EXIT, type ExitCode } from './exit-code.js'
import { isSaid, program, type GlobalOptions } from './program.js'

/** What a command line runs in. */
export interface Surroundings extends Streams {
  /** Where the config file is looked for. */
  readonly folder: string
  /** Aborted when the process is told to end. */
  readonly signal: AbortSignal
}

/** Understands a command line and does what it says. Never throws. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let code: ExitCode = EXIT.done
  const execute = async (
    options: GlobalOptions,
    verb: (context: VerbContext) => Promise<unknown>,
  ): Promise<void> => {
    code = await perform(options, verb, surroundings)
  }
  const { stdout, stderr } = surroundings
  const root = program(execute)
  for (const command of [root, ...root.commands])
    command.exitOverride().configureOutput({ writeOut: t => stdout.write(t), writeErr: t => stderr.write(t) })
  try {
    await root.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (isSaid(error)) return error.exitCode === 0 ? EXIT.done : EXIT.misunderstood
    throw error
  }
}

async function perform(
  { config: named, json, verbose }: GlobalOptions,
  verb: (context: VerbContext) => Promise<unknown>,
  { folder, signal, stdout, stderr }: Surroundings,
): Promise<ExitCode> {
  try {
    const [{ findConfig }, { loadConfig }, { outputTo }] = await Promise.all([
      import('../config/find-config.js'),
      import('../config/load-config.js'),
      import('../output/output.js'),
    ])
    const config = await loadConfig(await findConfig(folder, named))
    await verb({ config, output: outputTo({ stdout, stderr }, json), signal })
    return EXIT.done
  } catch (error) {
    const { reportError } = await import('./report-error.js')
    return reportError(error, { stdout, stderr }, { json, verbose })
  }
}
