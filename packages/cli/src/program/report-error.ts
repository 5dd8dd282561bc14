import { HindcastError } from '@hindcast/core'
import picocolors from 'picocolors'
import { jsonLine, type Streams } from '../output/output.js'
import { EXIT, type ExitCode } from './exit-code.js'

/** How errors are told. */
export interface ReportOptions {
  /** As one JSON object on standard error. */
  readonly json: boolean
  /** With the stack and the causes. */
  readonly verbose: boolean
}

const MISUNDERSTOOD: ReadonlySet<unknown> = new Set(['HC_CONFIG_MISSING', 'HC_CONFIG_INVALID', 'HC_CUT_TEXT'])

/** Tells an error, without a stack unless it is asked for. Gives what the process ends with. */
export function reportError(error: unknown, { stderr }: Streams, { json, verbose }: ReportOptions): ExitCode {
  const code = error instanceof HindcastError ? error.code : undefined
  const message = error instanceof Error ? error.message : String(error)
  if (json) {
    const context = error instanceof HindcastError ? { context: error.context } : {}
    stderr.write(`${jsonLine({ error: { code, message, ...context } })}\n`)
  } else stderr.write(`${picocolors.red(code ?? 'error')} ${message}\n`)
  if (verbose) for (const stack of stacksOf(error)) stderr.write(`${picocolors.dim(stack)}\n`)
  else if (code === undefined && !json) stderr.write(picocolors.dim('--verbose shows where it comes from\n'))
  if (code === 'HC_INTERRUPTED') return EXIT.interrupted
  return MISUNDERSTOOD.has(code) ? EXIT.misunderstood : EXIT.failed
}

function stacksOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  return [error.stack ?? error.message, ...stacksOf(error.cause)]
}
