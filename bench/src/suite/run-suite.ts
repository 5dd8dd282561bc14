import { relative } from 'node:path'
import type { Options } from '../cli/options.js'
import { machine } from '../report/machine.js'
import { nodeOptions } from '../report/node-options.js'
import type { Output } from '../report/output.js'
import { writeResults } from '../report/result-file.js'
import { UNITS, type Finding, type ResultLine } from '../report/result-line.js'
import type { StoreBench } from '../store/log-ground.js'
import { runWith } from './run-with.js'
import type { Suite } from './suite.js'

/**
 * Runs a suite on an empty log of a store, in each way in which that is run; tells what it finds, and writes it to the
 * result file.
 *
 * @param warning - what the reader of its figures must know of the machine
 */
export async function runSuite(
  suite: Suite,
  benches: readonly StoreBench[],
  options: Options,
  output: Output,
  warning: string | undefined,
): Promise<void> {
  const { store } = options
  const { name, about } = suite
  const lines: ResultLine[] = []
  for (const bench of benches) {
    const { durability, baseline } = bench
    output.start({ suite: name, about, store, durability, baseline, machine: machine(), warning })
    const found = (finding: Finding): void => {
      const line = complete(finding, name, store, bench)
      lines.push(line)
      output.line(line)
    }
    await using ground = await bench.create()
    await suite.run({ options, store, bench, ground, found, note: output.note })
  }
  if (suite.againWith !== undefined && !nodeOptions()?.includes(suite.againWith))
    for await (const line of runWith(suite.againWith, suite, options)) {
      lines.push(line)
      output.line(line)
    }
  const path = await writeResults(options.results, name, store, warning, lines)
  output.note(`also in ${relative('', path)}`)
}

function complete(finding: Finding, suite: string, store: string, bench: StoreBench): ResultLine {
  const { metric, concurrency, value, baselineValue, baseline = bench.baseline, ...conditions } = finding
  const { durability, replicas } = bench
  const withOptions = nodeOptions()
  return {
    suite,
    store,
    metric,
    concurrency,
    value: rounded(value),
    unit: UNITS[metric],
    baseline,
    baselineValue: baselineValue === null ? null : rounded(baselineValue),
    ratio: baselineValue === null || baselineValue === 0 ? null : rounded(value / baselineValue),
    durability,
    ...(replicas !== undefined && { replicas }),
    ...(withOptions !== undefined && { nodeOptions: withOptions }),
    ...conditions,
  }
}

/** Four significant digits: more would be noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
