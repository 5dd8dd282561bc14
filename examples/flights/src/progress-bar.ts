import { SingleBar } from 'cli-progress'

/** A bar on a terminal; a line now and then elsewhere. */
export interface ProgressBar {
  readonly update: (done: number) => void
  readonly stop: () => void
}

const LINE_EVERY_MS = 500

/** Starts a bar that shows how far some work is, and how fast it goes. */
export function progressBar(unit: string, total: number): ProgressBar {
  const startedAt = performance.now()
  const bar = new SingleBar({
    format: `  {bar} {percentage}% | {value}/{total} ${unit} | {rate}/s`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY_MS,
    stream: process.stderr,
  })
  bar.start(total, 0, { rate: 0 })
  return {
    update: done => bar.update(done, { rate: Math.round((done / (performance.now() - startedAt)) * 1000) }),
    stop: () => bar.stop(),
  }
}
