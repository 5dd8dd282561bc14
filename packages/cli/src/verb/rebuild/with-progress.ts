import type { BuildOptions, BuildProgress } from '@hindcast/core'
import type { Output } from '../../output/output.js'
import { said } from '../../output/said.js'
import { progressBar, progressText } from '../../output/progress-text.js'
import type { VerbContext } from '../verb.js'
import { InterruptedError } from './errors.js'

/** How often progress is told where it cannot be drawn in its place. */
const TELL_EVERY_MS = 5_000

/**
 * Does something long while people see how far it is: a bar on a terminal, else a line every few seconds and at each phase.
 *
 * @throws InterruptedError when the process was told to end; what the work throws
 */
export async function withProgress<T>(
  { output, signal }: Pick<VerbContext, 'output' | 'signal'>,
  what: string,
  work: (options: Pick<BuildOptions, 'signal' | 'onProgress'>) => Promise<T>,
): Promise<T> {
  try {
    return await work({ signal, onProgress: teller(output) })
  } catch (error) {
    throw signal.aborted && error === signal.reason ? new InterruptedError(what) : error
  } finally {
    output.progress?.clear()
  }
}

function teller(output: Output): (progress: BuildProgress) => void {
  const { progress: drawn } = output
  if (drawn) return progress => drawn.show(progressBar(progress))
  let phase: BuildProgress['phase'] | undefined
  let toldAt = 0
  return progress => {
    const now = performance.now()
    if (progress.phase === phase && now - toldAt < TELL_EVERY_MS) return
    phase = progress.phase
    toldAt = now
    const { error } = progress
    const record = error === undefined ? progress : { ...progress, error: said(error) }
    if (output.json) output.result({ progress: record }, () => '')
    else output.note(progressText(progress))
  }
}
