import type { VerifyProgress } from '@hindcast/evolution'
import type { Output } from '../../output/output.js'
import { bar, duration, number } from '../../output/progress-text.js'

/** How often progress is told where it cannot be drawn in its place. */
const TELL_EVERY_MS = 5_000

/** Tells how far it is: a bar on a terminal, else a line every few seconds. */
export function teller(output: Output): (progress: VerifyProgress) => void {
  const { progress: drawn } = output
  let toldAt: number | undefined
  return progress => {
    if (drawn) return drawn.show(`${bar(shareOf(progress))} ${textOf(progress)}`)
    const now = performance.now()
    toldAt ??= now
    if (now - toldAt < TELL_EVERY_MS) return
    toldAt = now
    if (output.json) output.result({ progress }, () => '')
    else output.note(textOf(progress))
  }
}

function shareOf({ records, totalRecords }: VerifyProgress): number {
  return totalRecords === 0 ? 1 : records / totalRecords
}

function textOf(progress: VerifyProgress): string {
  const { events, problems, eventsPerSecond, etaMs } = progress
  const parts = [
    `${Math.floor(shareOf(progress) * 100)}%`,
    `${number(events)} events`,
    `${number(eventsPerSecond)}/s`,
    `${number(problems)} problems`,
    ...(etaMs === undefined ? [] : [`${duration(etaMs)} left`]),
  ]
  return parts.join('  ')
}
