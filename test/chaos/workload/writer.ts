import { HindcastError, type AppendResult, type EventStore, type StreamVersion } from '@hindcast/core'
import type { Journal } from '../history/journal.js'
import type { Outcome, PlannedAppend } from '../history/operation.js'
import type { Random } from '../random.js'
import { describePlan, planAgain, planAppend, planBehind, SHARED_STREAMS, type Plan } from './plan.js'

/** The codes with which a store says that it does not know. Every other error means that nothing was written. */
const UNKNOWN = 'HC_APPEND_OUTCOME_UNKNOWN'
/** The log is said to be damaged, which no fault of these runs can do. */
const DAMAGED = 'HC_LOG_INTEGRITY'
const REMEMBERED_PLANS = 50
/** Refusals come at once: without a pause there would be nothing else in the journal. */
const REFUSED_PAUSE_MS = 30

/** A writer that appends to the shared streams of a log, and notes everything in its journal. */
export class Writer {
  private readonly believed = new Map<string, StreamVersion>()
  private readonly done: Plan[] = []

  constructor(
    private readonly store: EventStore,
    private readonly journal: Journal,
    private readonly random: Random,
    private readonly streams: () => readonly string[] = () => SHARED_STREAMS,
  ) {}

  /** Makes appends that an earlier life of this writer left without an answer, then its own, until the signal. */
  async run(concurrency: number, unanswered: readonly PlannedAppend[], signal: AbortSignal): Promise<void> {
    await Promise.all(unanswered.map(append => this.attempt(planAgain(append))))
    await Promise.all(Array.from({ length: concurrency }, () => this.loop(signal)))
  }

  private async loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.step()
  }

  private async step(): Promise<void> {
    if (this.done.length > 0 && this.random.chance(0.05)) {
      await this.attempt(this.random.pick(this.done))
      return
    }
    const plan = planAppend(this.random, this.streams(), this.store.partitions, this.believed)
    const [write] = plan.writes
    if (plan.writes.length === 1 && typeof write?.expected === 'number' && this.random.chance(0.2)) {
      const behind = planBehind(this.random, write, write.expected + write.events.length)
      await Promise.all([this.attempt(plan), this.attempt(behind)])
    } else await this.attempt(plan)
    this.done.push(plan)
    if (this.done.length > REMEMBERED_PLANS) this.done.shift()
  }

  private async attempt(plan: Plan): Promise<void> {
    const number = this.journal.call(describePlan(plan))
    let outcome: Outcome
    try {
      const result = await this.store.append(plan.writes, {
        commandId: plan.commandId,
        command: 'account.touch',
      })
      this.learn(plan, result)
      outcome = result
    } catch (error) {
      if (!(error instanceof HindcastError) || error.code === DAMAGED) throw error
      outcome = { kind: error.code === UNKNOWN ? 'unknown' : 'refused', code: error.code }
    }
    this.journal.answer(number, outcome)
    if (outcome.kind === 'refused') await new Promise(resolve => setTimeout(resolve, REFUSED_PAUSE_MS))
  }

  private learn(plan: Plan, result: AppendResult): void {
    if (result.kind === 'conflict') this.believed.set(result.stream, result.actual)
    else plan.writes.forEach((write, i) => this.believed.set(write.stream, result.versions[i]!))
  }
}
