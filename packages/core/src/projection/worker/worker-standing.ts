import type { CheckpointKey } from '../../read-model/read-model-store.js'
import type { OwnerState } from '../../read-model/standing.js'
import { projectionChannels, type HaltDiagnostic } from '../diagnostics/channels.js'
import { isNewerThanCode } from '../source/read-event.js'
import { MovingRate } from './moving-rate.js'

/** What a worker does, how far it is, and why it does not go on. */
export interface WorkerStatus {
  /** What it does. */
  readonly state: OwnerState
  /** What was thrown last; undefined while nothing keeps it from going on. */
  readonly error?: unknown
  /** The next offset to fold; 0n before it has claimed. */
  readonly checkpoint: bigint
  /** How many events it folds a second, lately. */
  readonly eventsPerSecond: number
  /** True when it has been live, or has halted, since it was started. */
  readonly settled: boolean
}

/** How a worker stands, and that trouble is told where it is noticed. */
export class WorkerStanding {
  readonly rate: MovingRate = new MovingRate()
  readonly #at: CheckpointKey
  readonly #checkpoint: () => bigint
  #state: OwnerState = 'catching-up'
  #error: unknown
  #settled = false

  /** @param checkpoint - gives the next offset to fold */
  constructor(at: CheckpointKey, checkpoint: () => bigint) {
    this.#at = at
    this.#checkpoint = checkpoint
  }

  get status(): WorkerStatus {
    const eventsPerSecond = this.rate.perSecond
    const status = {
      state: this.#state,
      checkpoint: this.#checkpoint(),
      eventsPerSecond,
      settled: this.#settled,
    }
    return this.#error === undefined ? status : { ...status, error: this.#error }
  }

  get isHalted(): boolean {
    return this.#state === 'paused' || this.#state === 'stopped'
  }

  get isStandingBack(): boolean {
    return this.#state === 'rebuilding'
  }

  /** Something was committed: whatever kept it from going on does so no longer. */
  goesOn(isAtEnd: boolean): void {
    this.#error = undefined
    this.#state = isAtEnd ? 'live' : 'catching-up'
    this.#settled ||= isAtEnd
  }

  /** There is nothing to do before the rebuild has ended; nobody needs to be told of it. */
  standBack(): void {
    this.#state = 'rebuilding'
    this.#error = undefined
    this.#settled = true
  }

  /** It waits and tries again. @param error - undefined when another worker took the partition over */
  retry(error: unknown): void {
    this.#state = 'retrying'
    this.#error = error
    this.tell('retrying', error)
  }

  /** It does no more. */
  halt(error: unknown): void {
    const state = isNewerThanCode(error) ? 'paused' : 'stopped'
    this.#state = state
    this.#error = error
    this.#settled = true
    this.tell(state, error)
  }

  /** Publishes an error. */
  tell(on: 'stopped' | 'paused' | 'retrying', error: unknown): void {
    const { projection, version, log, partition } = this.#at
    const diagnostic: HaltDiagnostic = {
      logId: log,
      projection,
      version,
      partition,
      checkpoint: this.#checkpoint(),
      error,
    }
    projectionChannels[on].publish(diagnostic)
  }
}
