/** What is measured, and in which unit. */
export const UNITS = {
  commandsPerSecond: 'commands/s',
  eventsPerSecond: 'events/s',
  p50Ms: 'ms',
  p95Ms: 'ms',
  p99Ms: 'ms',
  cpuMsPerCommand: 'ms',
  cpuUsPerEvent: 'µs',
  cpuUsPerCommand: 'µs',
  allocatedBytesPerCommand: 'bytes',
  rssMiB: 'MiB',
  readsPerCommand: 'reads',
} as const

/** The name of what is measured. */
export type Metric = keyof typeof UNITS

/** What a suite found: one value beside its baseline, and the conditions. */
export interface Finding {
  readonly metric: Metric
  /** How many commands were under way at a time, over all processes. */
  readonly concurrency: number
  readonly value: number
  /** What it is compared with; default: the raw library of the store. `null` when there is nothing to compare with. */
  readonly baseline?: string | null
  readonly baselineValue: number | null
  /** Streams in the log. */
  readonly streams?: number
  /** Events of each stream that is loaded. */
  readonly events?: number
  /** Events in the log. */
  readonly records?: number
  readonly processes?: number
  /** How many copies of each event there are, on a server each. */
  readonly replicas?: number
  /** How many commands came a second. */
  readonly rate?: number
  /** What else tells this line from its neighbours. */
  readonly variant?: string
  /** Commands that gave up after their retries, in all counted turns. */
  readonly gaveUp?: number
  /** The part of the resident memory that belongs to the process; the rest is the mapped file, which the system can take back. */
  readonly anonymousMiB?: number
}

/** One line of the output: everything that is needed to read it alone. */
export interface ResultLine extends Finding {
  readonly suite: string
  readonly store: string
  readonly unit: string
  readonly baseline: string | null
  /** `value / baselineValue`. */
  readonly ratio: number | null
  readonly durability: string
  /** What Node was started with; missing where it had no options. */
  readonly nodeOptions?: string
}
