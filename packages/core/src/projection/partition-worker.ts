import { HindcastError } from '../error/hindcast-error.js'
import { CheckpointBeyondLogError } from '../read-model/errors.js'
import type { CheckpointKey, Claim, ReadModelStore, TransactResult } from '../read-model/read-model-store.js'
import type { RecordedEvent } from '../store/event-store.js'
import { BackOff } from './back-off.js'
import { decodeBatch, foldFailure, type BatchFailure } from './batch-failure.js'
import { projectionChannels, type HaltDiagnostic } from './diagnostics.js'
import type { FoldTarget } from './fold-target.js'
import type { WorkerState } from './health.js'
import type { LogSource } from './projection-runtime.js'

/** What a worker is made of. */
export interface WorkerParts {
  readonly target: FoldTarget
  readonly store: ReadModelStore
  readonly source: LogSource
  readonly partition: number
  /** Called once when it halts. */
  readonly halted: () => void
}

/**
 * Folds one partition of one log into one projection, from the checkpoint on, until it is stopped.
 *
 * An event that cannot be folded or decoded halts it, after the appends before that event are committed: the checkpoint names
 * the failing append. A lost race, and an error that says it may pass, make it wait and claim the checkpoint anew.
 */
export class PartitionWorker {
  readonly #parts: WorkerParts
  readonly #at: CheckpointKey
  readonly #types: ReadonlySet<string>
  readonly #stopping = new AbortController()
  readonly #backOff = new BackOff()
  readonly #done: Promise<void>
  #state: Exclude<WorkerState, 'elsewhere'> = 'catching-up'
  #error: unknown
  #checkpoint = 0n

  constructor(parts: WorkerParts) {
    const { target, source, partition } = parts
    const { name, version, events } = target.projection
    this.#parts = parts
    this.#at = { projection: name, version, log: source.store.logId, partition }
    this.#types = source.catalog.typesReadAs(events)
    this.#done = this.#run()
  }

  /** What it does, and why it halted. */
  get status(): { readonly state: WorkerState; readonly error?: unknown; readonly checkpoint: bigint } {
    const status = { state: this.#state, checkpoint: this.#checkpoint }
    return this.#error === undefined ? status : { ...status, error: this.#error }
  }

  /** Finishes the batch in hand and ends. */
  stop(): Promise<void> {
    this.#stopping.abort()
    return this.#done
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await this.#follow(await this.#parts.store.claim(this.#at), signal)
        if (!signal.aborted) this.#publish('retrying', undefined)
      } catch (error) {
        if (!(error instanceof HindcastError && error.retryable)) return this.#halt(error)
        this.#publish('retrying', error)
      }
      if (!signal.aborted) await this.#backOff.wait(signal)
    }
  }

  /** Folds batch by batch; returns when it is stopped or has lost its claim. */
  async #follow({ next, epoch }: Claim, signal: AbortSignal): Promise<void> {
    this.#checkpoint = next
    const { source, partition } = this.#parts
    const end = await source.store.end(partition, { fresh: true })
    if (next > end) throw new CheckpointBeyondLogError(this.#at, next, end)
    for await (const batch of source.store.readLog(partition, { from: next, live: true, signal })) {
      if (batch.next > this.#checkpoint && (await this.#fold(batch.events, batch.next, epoch)) === 'fenced')
        return
      this.#state = batch.next === batch.end ? 'live' : 'catching-up'
    }
  }

  /** Folds the events; where one fails, what lies before its append is committed and the failure thrown. */
  async #fold(events: readonly RecordedEvent[], next: bigint, epoch: bigint): Promise<TransactResult> {
    const outcome = await this.#try(events, next, epoch)
    if (typeof outcome === 'string') return outcome
    const good = events.slice(0, outcome.goodUpTo)
    if (good.length > 0) {
      // The events are decoded before any is folded, so the part before this failure may hide an earlier one.
      const before = await this.#fold(good, events[good.length]!.offset, epoch)
      if (before === 'fenced') return before
    }
    throw outcome.error
  }

  /** Folds the events and moves the checkpoint, or says at which event it cannot. */
  async #try(
    events: readonly RecordedEvent[],
    next: bigint,
    epoch: bigint,
  ): Promise<TransactResult | BatchFailure> {
    const { target, source } = this.#parts
    const { decoded, failure } = decodeBatch(events, this.#types, source.catalog, this.#at.log)
    if (failure) return failure
    try {
      const result = await target.apply({ ...this.#at, from: this.#checkpoint, epoch, next }, decoded)
      if (result === 'committed') {
        this.#checkpoint = next
        this.#backOff.reset()
      }
      return result
    } catch (error) {
      const place = foldFailure(events, error)
      if (place) return place
      throw error
    }
  }

  #halt(error: unknown): void {
    if (this.#stopping.signal.aborted) return // being closed is why
    this.#state = isNewerThanCode(error) ? 'paused' : 'stopped'
    this.#error = error
    this.#parts.halted()
    this.#publish(this.#state, error)
  }

  #publish(on: 'stopped' | 'paused' | 'retrying', error: unknown): void {
    const { projection, version, log, partition } = this.#at
    const checkpoint = this.#checkpoint
    const diagnostic: HaltDiagnostic = { logId: log, projection, version, partition, checkpoint, error }
    projectionChannels[on].publish(diagnostic)
  }
}

/** Only newer code can read the event; nothing is wrong with it. */
function isNewerThanCode(error: unknown): boolean {
  return error instanceof HindcastError && error.code === 'HC_EVENT_NEWER_THAN_CODE'
}
