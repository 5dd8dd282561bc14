import type { Finding, Metric } from '../report/result-line.js'
import type { Turns } from './in-turns.js'
import { median, percentile } from './latencies.js'
import type { Turn } from './run-clients.js'

type Conditions = Omit<Finding, 'metric' | 'value' | 'baselineValue'>

const FIGURES = {
  commandsPerSecond: turn => (turn.operations / turn.elapsedMs) * 1000,
  eventsPerSecond: turn => (turn.operations / turn.elapsedMs) * 1000,
  p50Ms: turn => percentile(turn.latencies, 50),
  p95Ms: turn => percentile(turn.latencies, 95),
  p99Ms: turn => percentile(turn.latencies, 99),
  cpuMsPerCommand: turn => turn.cpuMs / turn.operations,
} satisfies { readonly [M in Metric]?: (turn: Turn) => number }

/** A figure that can be read off a turn. */
export type Figure = keyof typeof FIGURES

/** The medians of some figures over all turns, ours beside the baseline's. */
export function findings(
  turns: Turns<Turn>,
  figures: readonly Figure[],
  conditions: Conditions,
): readonly Finding[] {
  return figures.map(metric => {
    const value = median(turns.ours.map(FIGURES[metric]))
    const baselineValue = median(turns.baseline.map(FIGURES[metric]))
    return { metric, value, baselineValue, ...conditions }
  })
}
