import { takeGolden } from '@hindcast/evolution'
import picocolors from 'picocolors'
import { EXIT, type ExitCode } from '../../program/exit-code.js'
import { openLog } from '../log/open-log.js'
import type { VerbContext } from '../verb.js'

/** Takes golden events out of the app's log, and shows the files and every event that something is wrong with. */
export async function takeGoldenEvents({ config, output }: VerbContext): Promise<ExitCode> {
  await using log = await openLog(config)
  const { written, kept, problems } = await takeGolden(log, config.golden)
  for (const file of written) output.result({ kind: 'written', file }, () => `written  ${file}`)
  for (const problem of problems)
    output.result(
      { kind: 'problem', ...problem },
      () => `${picocolors.red(problem.code)}  ${problem.message}`,
    )
  output.note(`${written.length} written, ${kept.length} were there, ${problems.length} problems`)
  return problems.length > 0 ? EXIT.problems : EXIT.done
}
