import type { Decider, Decision } from './decider.js'
import type { PendingAppend } from './pending-append.js'

/** What goes into a batch. */
export interface Group {
  /** As they were decided, in order. */
  readonly pending: readonly PendingAppend[]
  /** How many events they have together. */
  readonly events: number
}

/** What came of deciding a queue. */
export interface Taken extends Group {
  /** True when an append stayed queued because its refusal is not proven: the log may have moved. */
  readonly unproven: boolean
}

/** Appends that wait for a batch, in the order in which they were called. */
export class AppendQueue {
  private waiting: PendingAppend[] = []

  get isEmpty(): boolean {
    return this.waiting.length === 0
  }

  add(append: PendingAppend): void {
    this.waiting.push(append)
  }

  /** Puts appends in front again whose batch was not written. */
  putBack(appends: readonly PendingAppend[]): void {
    this.waiting = [...appends, ...this.waiting]
  }

  /**
   * Decides what is queued, up to a full batch. What hangs on that batch, and refusals that are not proven, stay queued.
   *
   * @param provenAt - what is applied was the end of the log at some moment after this one, by the monotonic clock in ms
   */
  take(decider: Decider, provenAt: number): Taken {
    const pending: PendingAppend[] = []
    const later: PendingAppend[] = []
    let unproven = false
    let i = 0
    for (; i < this.waiting.length; i++) {
      const append = this.waiting[i]!
      if (append.answered) continue
      const decision = decideOne(decider, append)
      if (!decision) continue
      if (decision.kind === 'full') break
      if (decision.kind === 'accepted') pending.push(append)
      else if (decision.kind === 'answer') append.answer(decision.result)
      else if (decision.kind === 'conflict' && provenAt >= append.since) append.answer(decision.conflict)
      else {
        later.push(append)
        unproven ||= decision.kind === 'conflict'
      }
    }
    for (; i < this.waiting.length; i++) later.push(this.waiting[i]!)
    this.waiting = later
    return { pending, events: decider.events, unproven }
  }

  /** Appends without an answer. */
  unanswered(): PendingAppend[] {
    return this.waiting.filter(({ answered }) => !answered)
  }

  clear(): void {
    this.waiting = []
  }
}

/** @returns undefined when it was refused for good */
function decideOne(decider: Decider, append: PendingAppend): Decision | undefined {
  try {
    return decider.decide(append)
  } catch (error) {
    append.refuse(error)
    return undefined
  }
}
