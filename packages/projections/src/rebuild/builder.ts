import { setTimeout as sleep } from 'node:timers/promises'
import {
  FoldTarget,
  PartitionWorker,
  type Cut,
  type CutPlace,
  type LogSource,
  type Pace,
  type ProjectionDefinition,
  type WorkerStore,
} from '@hindcast/core'
import { RebuildLostError, RebuildStoppedError } from '../error/operation-errors.js'
import type { SqlReadModelStore } from '../store/sql-read-model-store.js'
import type { Hold } from '../hold/hold.js'
import { OWNER } from '../hold/owner.js'
import type { ProgressTeller } from './progress.js'

const TELL_EVERY_MS = 250
const REPORT_EVERY_TICKS = 12

/** What folds into one schema. */
export interface BuilderParts {
  readonly store: SqlReadModelStore
  readonly projection: ProjectionDefinition
  /** All logs of the app. */
  readonly sources: readonly LogSource[]
  /** The schema's name where it is not the version's own. */
  readonly into: string | undefined
  readonly hold: Hold
  readonly pace: Pace | undefined
  readonly progress: ProgressTeller
}

interface Folding {
  readonly to: CutPlace
  readonly worker: PartitionWorker
}

/** Folds into a schema that this process holds, by the workers that fold every projection: one for each partition. */
export class Builder {
  readonly #parts: BuilderParts
  readonly #target: FoldTarget
  readonly #store: WorkerStore

  constructor(parts: BuilderParts) {
    const { store, projection, sources, into, hold } = parts
    this.#parts = parts
    const fenced: ConstructorParameters<typeof FoldTarget>[2] = {
      transact: (fence, work, options) => store.transact(fence, work, { ...options, hold }),
      load: (at, keys) => store.load(at, keys),
    }
    this.#target = new FoldTarget(projection, sources, fenced, into)
    this.#store = {
      claim: at => store.claim(at, hold),
      report: (at, epoch, report) => store.report(at, epoch, report),
      parked: at => store.parked(at),
      answerTo: (at, id) => store.answerTo(at, id),
    }
  }

  /**
   * Folds every partition up to the cut, and none beyond.
   *
   * @param from - where the schema stands
   * @throws RebuildStoppedError, RebuildLostError; the signal's reason
   */
  async foldTo(cut: Cut, from: Cut, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const halt = new AbortController()
    const folding = cut.map(to => ({ to, worker: this.#start(to, () => halt.abort()) }))
    const stop = (): void => {
      for (const { worker } of folding) void worker.stop()
    }
    const stopping = AbortSignal.any([signal, halt.signal])
    stopping.addEventListener('abort', stop)
    const over = new AbortController()
    const telling = this.#tell(folding, from, over.signal)
    try {
      await Promise.all(folding.map(({ worker }) => worker.ended))
    } finally {
      stopping.removeEventListener('abort', stop)
      over.abort()
      await telling
    }
    signal.throwIfAborted()
    for (const { to, worker } of folding) refuseHalted(this.#parts.hold.schema, to, worker)
  }

  #start(to: CutPlace, halted: () => void): PartitionWorker {
    const { sources, pace } = this.#parts
    return new PartitionWorker({
      target: this.#target,
      store: this.#store,
      source: sources.find(({ store }) => store.logId === to.log)!,
      partition: to.partition,
      halted,
      until: to.next,
      ...(pace && { pace }),
    })
  }

  /** Tells how far the workers are, whoever asked for it and other processes, until it is over; once more then. */
  async #tell(folding: readonly Folding[], from: Cut, over: AbortSignal): Promise<void> {
    for (let tick = 0; ; tick++) {
      this.#parts.progress.at(
        folding.map(({ to: { log, partition, next: end }, worker }) => {
          const begun = from.find(each => each.log === log && each.partition === partition)?.next ?? 0n
          const { checkpoint } = worker.status
          return { log, partition, next: checkpoint > begun ? checkpoint : begun, end }
        }),
        folding.map(({ worker }) => worker.status).find(({ state }) => state === 'retrying')?.error,
      )
      if (over.aborted) return
      // Trouble of the store is the workers' to tell.
      if (tick % REPORT_EVERY_TICKS === 0)
        await Promise.all(folding.map(({ worker }) => worker.report(OWNER).catch(() => undefined)))
      await sleep(TELL_EVERY_MS, undefined, { signal: over }).catch(() => undefined)
    }
  }
}

function refuseHalted(schema: string, { log, partition }: CutPlace, worker: PartitionWorker): void {
  const { state, error, checkpoint } = worker.status
  if (state !== 'stopped' && state !== 'paused') return
  if (error instanceof RebuildLostError) throw error
  throw new RebuildStoppedError(schema, log, partition, checkpoint, error)
}
