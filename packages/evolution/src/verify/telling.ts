import type { Problems } from './problems.js'
import type { VerifyProgress } from './verify-report.js'

const TELL_EVERY_MS = 500

/** Counts what is read, and tells about twice a second how far it is. */
export class Telling {
  /** Events that are verified. */
  events = 0
  readonly #begun = performance.now()
  readonly #totalRecords: number
  #records = 0
  #toldAt = -Infinity

  /** @param ends - the next offset of each partition */
  constructor(
    ends: readonly bigint[],
    private readonly problems: Problems,
    private readonly onProgress: ((progress: VerifyProgress) => void) | undefined,
  ) {
    this.#totalRecords = ends.reduce((sum, end) => sum + Number(end), 0)
  }

  /** How many records are not read yet. */
  get left(): number {
    return this.#totalRecords - this.#records
  }

  /** So many records are read. */
  passed(records: bigint): void {
    this.#records += Number(records)
    if (performance.now() - this.#toldAt >= TELL_EVERY_MS) this.tell()
  }

  /** Tells it now. */
  tell(): void {
    if (!this.onProgress) return
    this.#toldAt = performance.now()
    const ms = Math.max(1, this.#toldAt - this.#begun)
    const [records, totalRecords] = [this.#records, this.#totalRecords]
    this.onProgress({
      ...{ records, totalRecords, events: this.events, problems: this.problems.count },
      eventsPerSecond: Math.round((this.events * 1_000) / ms),
      ...(records > 0 && { etaMs: ((totalRecords - records) * ms) / records }),
    })
  }
}
