import { AggregateReplay, type AggregateDefinition, type EventCatalog } from '@hindcast/core'
import type { StateFile } from './state-file.js'
import type { StreamTable } from './stream-table.js'

/** An aggregate in memory. */
export interface Live {
  readonly row: number
  readonly definition: AggregateDefinition
  readonly replay: AggregateReplay
}

/** How much is kept in memory. */
export interface FoldLimits {
  /** Aggregates at most. */
  readonly aggregates: number
  /** Their states as JSON at most, by the average of those that were looked at. */
  readonly bytes: number
}

const DEFAULT_LIMITS: FoldLimits = { aggregates: 10_000, bytes: 16_777_216 }
/** However large states are, so many aggregates stay in memory. */
const FEWEST = 16
/** Of so many folded events the state is measured after one. */
const MEASURE_EVERY = 128

/**
 * The aggregates of a log as far as they are folded: those used last in memory, the states of the others in a file. A state
 * that cannot be written as JSON keeps its aggregate in memory.
 */
export class StreamFolds {
  /** By stream, the one used last at the end. */
  readonly #live = new Map<string, Live>()
  /** Those whose state cannot be written. */
  readonly #kept = new Map<string, Live>()
  #averageBytes = 0
  #folded = 0

  constructor(
    private readonly table: StreamTable,
    private readonly catalog: EventCatalog,
    private readonly file: StateFile,
    private readonly limits: FoldLimits = DEFAULT_LIMITS,
  ) {}

  /** The aggregate of a stream where it is in memory. */
  inMemory(stream: string): Live | undefined {
    const live = this.#live.get(stream)
    if (!live) return this.#kept.get(stream)
    this.#live.delete(stream)
    this.#live.set(stream, live)
    return live
  }

  /** The aggregate of a stream that is not in memory, as far as it is folded. @throws VerifyScratchError */
  load(stream: string, row: number, definition: AggregateDefinition): Live {
    const bytes = this.table.stateBytes.get(row)
    const state = bytes > 0 ? this.file.take(this.table.stateAt.get(row), bytes).toString() : undefined
    this.table.stateBytes.set(row, 0)
    const live = { row, definition, replay: new AggregateReplay(definition, this.catalog, stream, state) }
    this.#live.set(stream, live)
    return live
  }

  /** An aggregate has folded an event; makes room for the next one. @throws VerifyScratchError */
  folded({ replay }: Live): void {
    if (this.#folded++ % MEASURE_EVERY === 0) this.#measure(replay)
    if (this.#live.size > this.#most) this.#writeOldest()
  }

  /** Forgets a stream that is folded no further. */
  forget(stream: string, row: number): void {
    this.#live.delete(stream)
    this.#kept.delete(stream)
    const bytes = this.table.stateBytes.get(row)
    if (bytes > 0) this.file.free(this.table.stateAt.get(row), bytes)
    this.table.stateBytes.set(row, 0)
  }

  get #most(): number {
    const { aggregates, bytes } = this.limits
    return Math.min(aggregates, Math.max(FEWEST, bytes / this.#averageBytes))
  }

  #measure(replay: AggregateReplay): void {
    const state = stateOf(replay)
    if (state !== undefined) this.#averageBytes += (state.length - this.#averageBytes) / 4
  }

  #writeOldest(): void {
    while (this.#live.size > this.#most) {
      const [stream, live] = this.#live.entries().next().value!
      this.#live.delete(stream)
      const state = stateOf(live.replay)
      if (state === undefined) this.#kept.set(stream, live)
      else {
        const bytes = Buffer.from(state)
        this.table.stateAt.set(live.row, this.file.write(bytes))
        this.table.stateBytes.set(live.row, bytes.length)
      }
    }
  }
}

function stateOf(replay: AggregateReplay): string | undefined {
  try {
    return replay.state
  } catch {
    return undefined // what it holds, or a getter of its own, has refused
  }
}
