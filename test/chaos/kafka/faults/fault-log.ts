import { appendFileSync } from 'node:fs'
import { noFaults, type FaultCounts, type FaultKind } from './fault-counts.js'

/** Counts the faults of a run, and notes each with its time on the clock of the writers' journals. */
export class FaultLog {
  readonly counts: FaultCounts = noFaults()

  constructor(private readonly path: string) {}

  /** A fault has come. */
  came(kind: FaultKind, detail?: string | number): void {
    this.counts[kind]++
    this.note(kind, detail)
  }

  /** Something that explains the rest: a fault has ended. */
  note(what: string, detail?: string | number): void {
    const at = Number(process.hrtime.bigint())
    appendFileSync(this.path, JSON.stringify({ at, what, detail }) + '\n')
  }
}
