import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { parsePosition, type Position } from '@hindcast/core'

const CHANNEL = 'hindcast:projections:step'
const PATIENCE_MS = 60_000

interface Step {
  readonly logId: string
  readonly projection: string
  readonly step: string
  readonly partition: number
  readonly next: bigint
}

interface Commit {
  readonly next: bigint
  readonly at: number
}

/** When each event of a projection became visible: when the answer to the COMMIT that covers it had come. */
export class Commits implements Disposable {
  readonly #projection: string
  readonly #byPartition = new Map<string, Commit[]>()
  #wake = (): void => undefined

  constructor(projection: string) {
    this.#projection = projection
    subscribe(CHANNEL, this.#onStep)
  }

  /** Forgets all but the last commits. */
  forget(): void {
    for (const commits of this.#byPartition.values()) commits.splice(0, commits.length - 1)
  }

  /** Waits until the event at each position can be seen. @throws Error when that takes more than a minute */
  async cover(positions: Iterable<Position>): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS
    for (const position of positions)
      while (this.visibleAt(position) === undefined) {
        if (performance.now() > deadline)
          throw new Error(`${position} is not in the read model after a minute`)
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, PATIENCE_MS)
          this.#wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
  }

  /** The moment from which the event at a position could be seen; undefined when it cannot yet. */
  visibleAt(position: Position): number | undefined {
    const { logId, partition, offset } = parsePosition(position)
    const commits = this.#byPartition.get(`${logId}/${partition}`) ?? []
    let [low, high] = [0, commits.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (commits[middle]!.next > offset) high = middle
      else low = middle + 1
    }
    return commits[low]?.at
  }

  [Symbol.dispose](): void {
    unsubscribe(CHANNEL, this.#onStep)
  }

  readonly #onStep = (message: unknown): void => {
    const { logId, projection, step, partition, next } = message as Step
    if (step !== 'committed' || projection !== this.#projection) return
    const name = `${logId}/${partition}`
    const commits = this.#byPartition.get(name)
    const commit = { next, at: performance.now() }
    if (commits) commits.push(commit)
    else this.#byPartition.set(name, [commit])
    this.#wake()
  }
}
