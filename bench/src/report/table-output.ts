import type { Output } from './output.js'
import type { ResultLine } from './result-line.js'

const WIDTHS = { metric: 25, conditions: 58, value: 20, baselineValue: 20, ratio: 9 } as const

/** A table for people; rows appear as they are found. */
export const tableOutput: Output = {
  start({ suite, about, store, durability, baseline, machine, warning }) {
    print('')
    print(`${suite} on ${store}: ${about}`)
    print(`  durability  ${durability}`)
    print(`  baseline    ${baseline}`)
    print(`  machine     ${machine}`)
    if (warning !== undefined) print(`  careful     ${warning}`)
    print('')
    print(row('', '', 'hindcast', 'baseline', 'ratio'))
  },
  line(line) {
    const { metric, value, baselineValue, unit, ratio } = line
    print(row(metric, conditionsOf(line), shown(value, unit), shown(baselineValue, unit), shownRatio(ratio)))
    if (line.anonymousMiB !== undefined)
      print(row('  of it private', '', shown(line.anonymousMiB, 'MiB'), '', ''))
  },
  note: text => print(`  (${text})`),
}

function conditionsOf({
  concurrency,
  streams,
  events,
  processes,
  records,
  replicas,
  rate,
  variant,
  nodeOptions,
  gaveUp,
}: ResultLine): string {
  return [
    counted(concurrency, 'client'),
    processes !== undefined && counted(processes, 'process', 'processes'),
    streams !== undefined && counted(streams, 'stream'),
    events !== undefined && counted(events, 'event'),
    records !== undefined && counted(records, 'event'),
    replicas !== undefined && counted(replicas, 'replica'),
    rate !== undefined && `${rate.toLocaleString('en-US')} commands/s`,
    variant,
    nodeOptions,
    gaveUp !== undefined && gaveUp > 0 && `${gaveUp} gave up`,
  ]
    .filter(Boolean)
    .join(', ')
}

function counted(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : several}`
}

function shown(value: number | null, unit: string): string {
  if (value === null) return ''
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 3
  return `${value.toLocaleString('en-US', { maximumFractionDigits: digits })} ${unit}`
}

function shownRatio(ratio: number | null): string {
  return ratio === null ? '' : `${ratio.toFixed(2)} x`
}

function row(
  metric: string,
  conditions: string,
  value: string,
  baselineValue: string,
  ratio: string,
): string {
  const cells = [
    metric.padEnd(WIDTHS.metric),
    conditions.padEnd(WIDTHS.conditions),
    value.padStart(WIDTHS.value),
    baselineValue.padStart(WIDTHS.baselineValue),
    ratio.padStart(WIDTHS.ratio),
  ]
  return `  ${cells.join(' ').trimEnd()}`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
