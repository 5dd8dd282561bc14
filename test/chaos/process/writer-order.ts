/** What every writer process is told. */
export interface WriterOrder {
  /** Where it keeps its journal. */
  readonly journal: string
  /** The journal of its life before this one, of which it repeats some appends that had no answer. */
  readonly before?: string
  readonly seed: number
  /** How many appends it has in flight at a time. */
  readonly concurrency: number
}
