import { CONTEXT } from '../aggregate/context-key.js'
import type { AggregateDefinition } from '../aggregate/definition.js'
import { handling } from '../aggregate/emission.js'
import type { AppendResult, Conflict, StreamVersion } from '../store/event-store.js'
import { validateCommand } from '../validation/validate.js'
import { Attempt, type AttemptOutcome, type Try } from './attempt.js'
import { ConcurrencyError, ReentrantCommandError } from './errors.js'
import { executedBefore } from './executed-before.js'
import { makeJob, type CommandBusHost, type Job, type Route } from './job.js'
import { Mailboxes } from './mailboxes.js'
import type { CommandHook, Executed, ExecuteOptions } from './options.js'
import { SentAppend } from './sent-append.js'
import { isSnapshotDueOnStop, snapshotOf } from './snapshot-due.js'
import { SnapshotSaver } from './snapshot-saver.js'
import { takeSnapshot } from './take-snapshot.js'
import { UnderWay } from './under-way.js'

const AT_ONCE: Try = { isFirst: true, hasWaited: false }
const AFTER_WAITING: Try = { isFirst: true, hasWaited: true }
const AGAIN: Try = { isFirst: false, hasWaited: true }

/**
 * Executes commands: validate, load, decide, append, and decide again when another writer was first.
 *
 * @internal
 */
export class CommandBus {
  readonly underWay: UnderWay
  readonly #host: CommandBusHost
  readonly #mailboxes: Mailboxes
  readonly #saver: SnapshotSaver

  constructor(host: CommandBusHost) {
    this.#host = host
    this.underWay = new UnderWay(host.store.logId)
    this.#mailboxes = new Mailboxes(host.cachedAggregates)
    this.#saver = new SnapshotSaver(host.snapshots, host.snapshotFailed)
  }

  /** @throws everything that `App.execute` names */
  execute(route: Route, key: string, command: object, options: ExecuteOptions): Promise<Executed<unknown>> {
    const startedAt = performance.now()
    let job: Job | undefined
    try {
      const place = this.#mailboxes.placeOf(route.aggregate, key)
      job = makeJob(this.#host, route, key, command, options, place, startedAt)
      this.underWay.begin(job)
      if (this.#host.hook) return this.#ending(job, this.#aroundHook(this.#host.hook, job, options))
      if (job.mayRepeat) return this.#ending(job, this.#runOnce(job))
      this.#refuseReentrance(job)
      const validation = validateCommand(command)
      return validation ? this.#ending(job, this.#runWhen(validation, job)) : this.#runAtOnce(job)
    } catch (error) {
      this.underWay.end(job ?? { route, key, startedAt, before: undefined, after: undefined }, false, {
        error,
      })
      return Promise.reject(error as Error)
    }
  }

  /** Takes a snapshot of an aggregate now. @throws everything that `App.snapshot` names */
  snapshot(definition: AggregateDefinition, key: string): Promise<StreamVersion> {
    return takeSnapshot(this.#host, definition, key)
  }

  /** Takes the snapshots that are due when an app stops. Resolves when these, and those under way, are saved or have failed. */
  async saveSnapshots(): Promise<void> {
    for (const root of this.#mailboxes.roots()) {
      if (!isSnapshotDueOnStop(root)) continue
      try {
        this.#saver.add(snapshotOf(root))
      } catch (error) {
        this.#host.snapshotFailed(root[CONTEXT].stream, error)
      }
    }
    await this.#saver.drain()
  }

  async #aroundHook(hook: CommandHook, job: Job, options: ExecuteOptions): Promise<Executed<unknown>> {
    const { command, key, stream, commandId, route } = job
    const name = route.handler.commandName
    return hook({ command, name, key, stream, commandId, options }, () => this.#runOnce(job))
  }

  /** Runs a command that may have been executed before. */
  async #runOnce(job: Job): Promise<Executed<unknown>> {
    this.#refuseReentrance(job)
    const before = job.mayRepeat ? await executedBefore(job, this.#host.store) : undefined
    return before ?? this.#runWhen(validateCommand(job.command), job)
  }

  async #runWhen(valid: void | Promise<void>, job: Job): Promise<Executed<unknown>> {
    if (valid) await valid
    const attempt = this.#attempt(job)
    return this.#goOn(attempt, () => attempt.run(AFTER_WAITING))
  }

  /**
   * Runs a command that nothing was waited for yet. Nearly all have their state at hand and a synchronous handler: all that they
   * wait for is the answer of the store, and what the caller gets is the one promise that follows it. With thousands under way,
   * what each keeps alive decides what the garbage collector costs.
   */
  #runAtOnce(job: Job): Promise<Executed<unknown>> {
    const attempt = this.#attempt(job)
    const sent = attempt.run(AT_ONCE)
    return sent instanceof SentAppend
      ? sent.answer.then(
          answer => this.#answered(attempt, sent, answer),
          (error: unknown) => this.#failed(attempt, sent, error),
        )
      : this.#ending(
          job,
          this.#goOn(attempt, () => sent),
        )
  }

  #answered(
    attempt: Attempt,
    sent: SentAppend,
    answer: AppendResult,
  ): Executed<unknown> | Promise<Executed<unknown>> {
    const outcome = attempt.settle(sent, answer)
    if (!('executed' in outcome))
      return this.#ending(
        attempt.job,
        this.#goOn(attempt, () => outcome),
      )
    this.#mailboxes.release(attempt.mailbox)
    this.underWay.end(attempt.job, false, undefined)
    return outcome.executed
  }

  #failed(attempt: Attempt, sent: SentAppend, error: unknown): never {
    attempt.failed(sent)
    this.#mailboxes.release(attempt.mailbox)
    this.underWay.end(attempt.job, false, { error })
    throw error
  }

  /** Goes on with an attempt until its command has ended. @param first - gives what its first try comes to */
  async #goOn(
    attempt: Attempt,
    first: () => ReturnType<Attempt['run']> | AttemptOutcome,
  ): Promise<Executed<unknown>> {
    try {
      let outcome = await attempt.outcomeOf(first())
      for (let attempts = 1; !('executed' in outcome); attempts++) {
        this.#refuseWhenOver(attempt.job, attempts, outcome.again)
        outcome = await attempt.outcomeOf(attempt.run(AGAIN))
      }
      return outcome.executed
    } finally {
      this.#mailboxes.release(attempt.mailbox)
    }
  }

  /** Says of a command how it has ended. */
  async #ending(job: Job, running: Promise<Executed<unknown>>): Promise<Executed<unknown>> {
    try {
      const executed = await running
      this.underWay.end(job, executed.repeated, undefined)
      return executed
    } catch (error) {
      this.underWay.end(job, false, { error })
      throw error
    }
  }

  #attempt(job: Job): Attempt {
    return new Attempt(
      this.#host,
      this.#saver,
      job,
      this.#mailboxes.hold(job.route.aggregate, job.key, job.place),
    )
  }

  /** A handler that waits for a command on its own stream would wait for itself. */
  #refuseReentrance(job: Job): void {
    const outer = handling.getStore()
    if (outer?.isOpen && outer.host === this.#host && outer.stream === job.stream)
      throw new ReentrantCommandError(job.route.handler.commandName, job.stream)
  }

  #refuseWhenOver(job: Job, attempts: number, conflict: Conflict | undefined): void {
    if (performance.now() >= job.startedAt + this.#host.commandTimeoutMs)
      throw new ConcurrencyError(
        job.route.handler.commandName,
        job.stream,
        conflict?.expected ?? 'any',
        conflict?.actual ?? 'none',
        attempts,
        this.#host.commandTimeoutMs,
      )
  }
}
