import type { DecidedAppend } from './decided-append.js'
import type { Decider, Decision } from './decider.js'
import { answer, refuse, type PendingAppend } from './pending-append.js'

/** What came of deciding a queue. */
export interface Taken {
  /** For one batch, in order. */
  readonly accepted: readonly DecidedAppend[]
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
  putBack(appends: readonly DecidedAppend[]): void {
    this.waiting = [...appends.map(({ pending }) => pending), ...this.waiting]
  }

  /**
   * Decides what is queued, up to a full batch. What hangs on that batch, and refusals that are not proven, stay queued.
   *
   * @param provenAt - what is applied was the end of the log at some moment after this one, by the monotonic clock in ms
   */
  take(decider: Decider, provenAt: number): Taken {
    const accepted: DecidedAppend[] = []
    const later: PendingAppend[] = []
    let unproven = false
    let i = 0
    for (; i < this.waiting.length; i++) {
      const pending = this.waiting[i]!
      if (pending.answered) continue
      const decision = decideOne(decider, pending)
      if (!decision) continue
      if (decision.kind === 'full') break
      if (decision.kind === 'accepted') accepted.push(decision.append)
      else if (decision.kind === 'answer') answer(pending, decision.result)
      else if (decision.kind === 'conflict' && provenAt >= pending.since) answer(pending, decision.conflict)
      else {
        later.push(pending)
        unproven ||= decision.kind === 'conflict'
      }
    }
    this.waiting = [...later, ...this.waiting.slice(i)]
    return { accepted, unproven }
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
function decideOne(decider: Decider, pending: PendingAppend): Decision | undefined {
  try {
    return decider.decide(pending)
  } catch (error) {
    refuse(pending, error)
    return undefined
  }
}
