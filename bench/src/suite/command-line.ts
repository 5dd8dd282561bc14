import { timedNode, type NodeRun } from '../measure/timed-node.js'
import { inTurns } from '../measure/in-turns.js'
import { median } from '../measure/latencies.js'
import type { Suite } from './suite.js'

const BIN = new URL('../../../packages/cli/dist/bin.js', import.meta.url)
const FIGURES = {
  p50Ms: run => run.elapsedMs,
  cpuMsPerCommand: run => run.cpuMs,
} satisfies { readonly [metric: string]: (run: NodeRun) => number }

/** How long people wait for `hindcast` before it knows what to do. */
export const commandLine: Suite = {
  name: 'command-line',
  about: 'a process that answers hindcast --help or --version, beside one of Node that does nothing',
  options: [],
  async run({ options, store, found, note }) {
    if (store !== 'memory')
      return note('left out: it is the same for every store; --store memory measures it')
    for (const flag of ['--help', '--version']) {
      const turns = await inTurns(
        options.rounds,
        () => timedNode(BIN.pathname, flag),
        () => timedNode('-e', '0'),
      )
      for (const [metric, of] of Object.entries(FIGURES))
        found({
          metric: metric as keyof typeof FIGURES,
          concurrency: 1,
          baseline: 'node -e 0',
          value: median(turns.ours.map(of)),
          baselineValue: median(turns.baseline.map(of)),
          variant: flag,
        })
    }
  },
}
