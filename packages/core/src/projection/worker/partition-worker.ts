import { HindcastError } from '../../error/hindcast-error.js'
import { CheckpointBeyondLogError, VersionHeldError } from '../../read-model/errors.js'
import type { ParkedRequest } from '../../read-model/parked-request.js'
import type { LogBatch } from '../../store/event-store.js'
import type { CheckpointKey, Claim, ReadModelStore } from '../../read-model/read-model-store.js'
import { RequestAnswer } from './answer-request.js'
import { BackOff } from './back-off.js'
import { BatchFolder, type FolderParts } from './batch-folder.js'
import { FoldAhead } from './fold-ahead.js'
import type { FoldTarget } from '../fold/fold-target.js'
import { mergeBatches } from '../source/merge-batches.js'
import type { LogSource } from '../source/log-source.js'
import { saidBy } from '../parking/sort-batch.js'
import { publishStep } from '../diagnostics/step.js'
import { Turns } from './turns.js'
import { WorkerStanding, type WorkerStatus } from './worker-standing.js'

/** So many partitions of a process fold ahead at a time: more than one, since each waits for the log and for rows at times. */
const AHEAD = new Turns(4)

/** So many events are folded ahead at a time, and forgotten: few enough to die young, which costs the collector next to nothing. */
const RUN_EVENTS = 250

/** What a worker is made of. */
export interface WorkerParts {
  /** What it folds into. */
  readonly target: FoldTarget
  /** Where checkpoints are claimed. */
  readonly store: WorkerStore
  /** The log that it reads. */
  readonly source: LogSource
  /** The partition of it. */
  readonly partition: number
  /** Called once when it halts. */
  readonly halted: () => void
  /** Called when it has claimed, before it goes on. Default: nobody needs to know. */
  readonly claimed?: () => Promise<void>
  /** Folds up to this offset, at the end of an append, and ends. Default: goes on with whatever comes. */
  readonly until?: bigint
  /** How fast it may go. Default: as fast as it can. */
  readonly pace?: Pace
}

/** What a worker needs of a read-model store. */
export type WorkerStore = Pick<ReadModelStore, 'claim' | 'report' | 'parked' | 'answerTo'>

/** A limit that several workers share. */
export interface Pace {
  /** The most events of a batch. */
  readonly batchEvents: number
  /** Resolves when so many more may be folded, or quietly when the signal is aborted. */
  take(events: number, signal: AbortSignal): Promise<void>
}

/**
 * Folds one partition of one log into one projection, from the checkpoint on, until it is stopped.
 *
 * An event that only newer code knows, and a failing one where the policy says stop, halt it: the checkpoint names the failing append.
 * A rebuild of the version makes it stand back until that ends. A lost race, and an error that says it may pass, make it wait and claim the checkpoint anew.
 */
export class PartitionWorker {
  readonly #parts: WorkerParts
  readonly #at: CheckpointKey
  readonly #folding: FolderParts
  readonly #folder: BatchFolder
  readonly #stopping = new AbortController()
  readonly #backOff = new BackOff()
  readonly #standingBack = new BackOff(100, 1_000)
  readonly #standing: WorkerStanding
  readonly #done: Promise<void>
  #turn: Promise<unknown> = Promise.resolve()
  /** Aborted when what it follows the log with is found to be over. */
  #over = new AbortController()
  #turns = 0
  #ahead: FoldAhead | undefined

  constructor(parts: WorkerParts) {
    const { target, source, partition } = parts
    const { name: projection, version } = target.projection
    const { signal } = this.#stopping
    this.#parts = parts
    const { into } = target
    this.#at = { projection, version, ...(into && { into }), log: source.store.logId, partition }
    this.#standing = new WorkerStanding(this.#at, () => this.#folder.claim.next)
    const retrying = (error: unknown): void => this.#standing.retry(error)
    this.#folding = { at: this.#at, target, source, signal, retrying }
    this.#folder = new BatchFolder(this.#folding)
    this.#done = this.#run()
  }

  /** How it stands. */
  get status(): WorkerStatus {
    return this.#standing.status
  }

  /** Resolves when it does no more: it has come to `until`, has halted, or was stopped. */
  get ended(): Promise<void> {
    return this.#done
  }

  /** What it has in hand; undefined when that is nothing. */
  get inHand(): string | undefined {
    const { projection, log, partition } = this.#at
    return this.#turns === 0
      ? undefined
      : `projection "${projection}" folds partition ${partition} of log ${log} from offset ${this.#folder.claim.next} on`
  }

  /** Finishes the batch in hand and ends. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#done
    await this.#turn
  }

  /** Does what a request says, between two batches and once. Where that fails, the request stays open. */
  async answer(request: ParkedRequest): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#folder.claim.epoch === 0n || this.#stopping.signal.aborted) return
      try {
        // Whoever looks for requests may have found it before it was answered. Only the owner answers, and one at a time.
        if (await this.#parts.store.answerTo(this.#at, request.id)) return
        if ((await this.#ahead?.flush()) === 'fenced') return
        await new RequestAnswer(this.#folder, this.#folding, this.#parts.store, request).run()
      } catch (error) {
        // Perhaps some of it was committed: a lost claim is claimed anew, which tells what is parked.
        if (!this.#standing.isHalted) this.#folder.own({ ...this.#folder.claim, epoch: 0n })
        this.#standing.tell('retrying', error)
      }
    })
  }

  /** Tells other processes how it stands. When its claim is over, which nobody tells an idle worker, it claims anew. */
  async report(owner: string): Promise<void> {
    const { epoch } = this.#folder.claim
    if (epoch === 0n) return
    const { state, error, eventsPerSecond } = this.status
    const report = { owner, state, eventsPerSecond, ...(error !== undefined && { error: saidBy(error) }) }
    const kept = await this.#parts.store.report(this.#at, epoch, report)
    if (!kept && epoch === this.#folder.claim.epoch) this.#over.abort()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await this.#follow(await this.#parts.store.claim(this.#at), signal)
        if (this.#arrived) return
        if (!signal.aborted) this.#standing.retry(undefined)
      } catch (error) {
        if (!(error instanceof HindcastError && error.retryable)) return this.#halt(error)
        if (error instanceof VersionHeldError) this.#standing.standBack()
        else this.#standing.retry(error)
      }
      const pause = this.#standing.isStandingBack ? this.#standingBack : this.#backOff
      if (!signal.aborted) await pause.wait(signal)
    }
  }

  /** Folds batch by batch; returns when it is stopped or has lost its claim. */
  async #follow(claim: Claim, signal: AbortSignal): Promise<void> {
    const { source, partition, target, until, pace } = this.#parts
    this.#over = new AbortController()
    await this.#inTurn(async () => this.#folder.own(claim))
    await this.#parts.claimed?.()
    if (this.#arrived) return
    const { next: from } = claim
    const last = await source.store.end(partition, { fresh: true })
    if (from > last) throw new CheckpointBeyondLogError(this.#at, from, last)
    if (!(await this.#catchUp(signal)) || this.#arrived) return
    const most = target.folding.mostEvents
    const limit = pace && { batchEvents: Math.min(pace.batchEvents, most) }
    const { next: begin } = this.#folder.claim
    const following = AbortSignal.any([signal, this.#over.signal])
    const log = source.store.readLog(partition, { from: begin, live: true, signal: following, ...limit })
    for await (const batch of mergeBatches(log, limit?.batchEvents ?? most)) {
      const { events, next, end } = until === undefined ? batch : upTo(until, batch)
      const { next: checkpoint } = this.#folder.claim
      await pace?.take(events.length, signal)
      if (signal.aborted) return
      if (next > checkpoint) {
        publishStep('read', { ...this.#at, from: checkpoint, next })
        if ((await this.#inTurn(() => this.#folder.fold(events, next))) !== 'committed') return
        this.#backOff.reset()
        this.#standing.rate.add(events.length)
      }
      // Rows are kept for catching up only: at the end of the log, what somebody mended by hand stays mended.
      if (next === end) this.#folder.forget()
      this.#standing.goesOn(next === end)
      if (this.#arrived) return
    }
  }

  /**
   * Folds ahead to the end that the log has by then, or to an event that fails. What is not at the end after a first batch
   * takes turns with other partitions: many events of few rows make better transactions than a few of all rows, and some
   * write while others fold.
   *
   * @returns false when the claim is lost
   */
  async #catchUp(signal: AbortSignal): Promise<boolean> {
    const { source, partition, target, until, pace } = this.#parts
    const { next: from, parkedKeys } = this.#folder.claim
    if (!target.folding.ahead || parkedKeys.size > 0) return true
    const ahead = (this.#ahead = new FoldAhead(this.#folding, this.#folder))
    // What is slow on purpose keeps nobody waiting.
    const takeTurn = async (): Promise<() => void> => (pace ? () => undefined : AHEAD.take(signal))
    let endTurn: (() => void) | undefined
    try {
      const batchEvents = Math.min(pace?.batchEvents ?? RUN_EVENTS, RUN_EVENTS)
      for await (const batch of source.store.readLog(partition, { from, signal, batchEvents })) {
        const { events, next, end } = until === undefined ? batch : upTo(until, batch)
        await pace?.take(events.length, signal)
        if (signal.aborted) break
        if ((await this.#inTurn(() => ahead.take(events, next))) === 'failing') return ahead.settled()
        this.#standing.rate.add(events.length)
        if (next === end) break
        if (ahead.isDue) {
          endTurn?.()
          endTurn = undefined
          if ((await this.#inTurn(() => ahead.begin())) === 'fenced') return false
          if (this.#folder.claim.next > from) this.#goesOn()
        }
        endTurn ??= await takeTurn()
      }
      endTurn?.()
      return (await this.#inTurn(() => ahead.flush())) === 'committed'
    } finally {
      endTurn?.()
      await ahead.settled().catch(() => undefined)
      this.#ahead = undefined
    }
  }

  get #arrived(): boolean {
    const { until } = this.#parts
    const { next, epoch } = this.#folder.claim
    return until !== undefined && epoch !== 0n && next >= until
  }

  #goesOn(): void {
    this.#backOff.reset()
    this.#standing.goesOn(false)
  }

  #halt(error: unknown): void {
    if (this.#stopping.signal.aborted) return // being closed is why
    this.#standing.halt(error)
    this.#parts.halted()
  }

  /** One piece of work after the other: batches, and requests between them. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#turns++
    const mine = this.#turn.then(work).finally(() => this.#turns--)
    this.#turn = mine.catch(() => undefined)
    return mine
  }
}

/** The part of a batch before an offset that splits no append. */
function upTo(until: bigint, { events, next, end }: LogBatch): Pick<LogBatch, 'events' | 'next' | 'end'> {
  if (next <= until) return { events, next, end }
  return { events: events.filter(({ offset }) => offset < until), next: until, end: until }
}
