import { HindcastError } from '@hindcast/core'
import { goldenCases, type GoldenCase } from '@hindcast/evolution'
import picocolors from 'picocolors'
import { EXIT, type ExitCode } from '../../program/exit-code.js'
import type { Output } from '../../output/output.js'
import type { VerbContext } from '../verb.js'

/** Replays all golden events of the app, and shows each that today's code cannot replay. Gives whether there is none. */
export async function checkGoldenEvents({ config, output }: VerbContext): Promise<ExitCode> {
  const cases = await goldenCases(config, config.golden?.folder)
  const untried = new Set<string>()
  let failed = 0
  for (const each of cases) if (!(await replay(each, output, untried))) failed++
  for (const sentence of untried) output.note(sentence)
  output.note(`${cases.length - failed} of ${cases.length} golden events replay`)
  return failed > 0 ? EXIT.problems : EXIT.done
}

async function replay({ run }: GoldenCase, output: Output, untried: Set<string>): Promise<boolean> {
  try {
    for (const sentence of await run()) untried.add(sentence)
    return true
  } catch (error) {
    if (!(error instanceof HindcastError)) throw error
    const { code, message, context } = error
    output.result({ code, message, ...context }, () => `${picocolors.red(code)}  ${message}`)
    return false
  }
}
